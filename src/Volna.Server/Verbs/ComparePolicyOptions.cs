using System.CommandLine;
using Spectre.Console;
using Volna.Learning.Policies;
using Volna.Offers.Compare;

namespace Volna.Server.Verbs;

/// <summary><c>volna learn --compare</c>: what another plan or model would have brought with the offers of past waves.</summary>
sealed record ComparePolicyOptions(Option<bool> Compare, Option<string?> Plan, Option<string?> Model, Option<int> Waves)
{
    public static ComparePolicyOptions AddTo(Command command, Verb verb)
    {
        var options = new ComparePolicyOptions(
            new Option<bool>("--compare") { Description = verb.In("Value another plan or model from past waves, learn nothing", "Оценить другой план или модель по прошедшим волнам; ничему не учиться") },
            new Option<string?>("--plan") { Description = verb.In("With --compare: the plan, a file or a kept one; each wave's own without it", "С --compare: план, файл или сохранённый; без параметра у каждой волны свой"), HelpName = "PLAN" },
            new Option<string?>("--model") { Description = verb.In("With --compare: the model; each wave's own without it", "С --compare: модель; без параметра у каждой волны своя"), HelpName = "VERSION" },
            new Option<int>("--waves") { Description = verb.In("With --compare: from so many waves, the latest", "С --compare: по скольким последним волнам"), HelpName = "N", DefaultValueFactory = _ => 4 });
        command.Options.Add(options.Compare);
        command.Options.Add(options.Plan);
        command.Options.Add(options.Model);
        command.Options.Add(options.Waves);
        return options;
    }

    /// <summary>Refuses what only means something with <c>--compare</c>.</summary>
    public void RefuseAlone(ParseResult parsed)
    {
        foreach (var option in (Option[])[Plan, Model, Waves])
            if (WorldArguments.IsGiven(parsed, option))
                throw new BadInputException("compare-missing", new Text($"{option.Name}: found without --compare, expected with it alone.", $"{option.Name}: указано без --compare, имеет смысл только с ним."));
    }

    public int Run(ParseResult parsed, Shell shell)
    {
        var (plan, model, waves) = (parsed.GetValue(Plan), parsed.GetValue(Model), parsed.GetValue(Waves));
        if (plan is null && model is null)
            throw new BadInputException("compare-what", new Text("--compare: found neither --plan nor --model; expected at least one of them.", "--compare: нет ни --plan, ни --model; ожидался хотя бы один из них."));
        if (waves < 1)
            throw new BadInputException("compare-waves", new Text($"--waves: found {waves}, expected at least 1.", $"--waves: указано {waves}, ожидалось не меньше 1."));
        using var state = shell.OpenState();
        var result = shell.WithProgress(progress => ComparePolicyJob.Run(shell.Folder, state, plan, model, waves, Environment.ProcessorCount, progress, shell.Stop));
        if (shell.Json) shell.PrintJson(result);
        else Print(shell, result);
        return Verb.Done;
    }

    static void Print(Shell shell, LoggedWaves result)
    {
        var culture = shell.Language.Culture();
        var table = WaveTables.Table(
            shell.In("margin per offer", "маржа на предложение"), "/IPS", "/SNIPS", shell.In("/doubly robust", "/двойная устойчивость"), shell.In("/worth own decisions", "/равно собственным решениям"));
        Add(shell.In("no offers", "без предложений"), result.Nothing);
        Add(shell.In("as it was", "как было"), result.AsItWas);
        Add(shell.In("the policy compared", "сравниваемая политика"), result.Other);
        shell.Print(table);
        if (result.More is { } more)
        {
            var sure = more.Lower > 0 ? new Text("it is better", "она лучше") : more.Upper < 0 ? new Text("it is worse", "она хуже") : new Text("which is better can't be told", "какая лучше, сказать нельзя");
            shell.Data.WriteLine(new Text(
                $"The policy compared against what was done, per offer: {Value(more)}; {sure.English}.", $"Сравниваемая политика против того, что было, на предложение: {Value(more)}; {sure.Russian}.").In(shell.Language));
        }

        var slates = WaveTables.Table(
            shell.In("margin of all offers of a customer", "маржа всех предложений покупателя"), shell.In("/sum over places", "/сумма по местам"), shell.In("/whole slates, IPS", "/целые наборы, IPS"), shell.In("/worth own slates", "/равно собственным наборам"));
        AddSlates(shell.In("as it was", "как было"), result.SlatesAsItWas);
        AddSlates(shell.In("the policy compared", "сравниваемая политика"), result.OtherSlates);
        shell.Print(slates);
        if (result.MoreOfSlates is { } moreOfSlates)
            shell.Data.WriteLine(new Text(
                $"The policy compared against what was done, per customer and wave: {Value(moreOfSlates)}.", $"Сравниваемая политика против того, что было, на покупателя и волну: {Value(moreOfSlates)}.").In(shell.Language));

        shell.Data.WriteLine(shell.In(
            string.Create(culture, $"{result.Offers:N0} offers made or withheld, {result.Customers:N0} customers; of the {result.OtherOffers:N0} offers of the policy compared {result.KnownShare:P0} were among them, of the others nothing is said."),
            string.Create(culture, $"Предложений, сделанных и несделанных, {result.Offers:N0}, покупателей {result.Customers:N0}; из {result.OtherOffers:N0} предложений сравниваемой политики среди них {result.KnownShare:P0}, об остальных ничего не говорится.")));
        if (result.Verdict == NoPolicyValue.SupportTooThin)
            shell.Say(new Text("No value: past waves hold too little of what the policy would do.", "Оценки нет: в прошлых волнах слишком мало того, что сделала бы эта политика."));
        if (result.Verdict == NoPolicyValue.WeightsDoNotAddUp)
            shell.Say(new Text("No value: the weights' mean isn't 1, so the policy does what was never tried.", "Оценки нет: среднее весов не равно 1, значит, политика делает то, чего не пробовали."));

        void Add(string name, OffPolicy value) => table.AddRow(Markup.Escape(name), Cell(value.Ips), Cell(value.Snips), Cell(value.DoublyRobust), value.EffectiveDecisions.ToString("N0", culture));
        void AddSlates(string name, SlateValue value) => slates.AddRow(Markup.Escape(name), Cell(value.Value), Cell(value.WholeSlates), value.EffectiveSlates.ToString("N0", culture));
        string Cell(PolicyEstimate? estimate) => Markup.Escape(estimate is { } one ? Value(one) : "-");
        string Value(PolicyEstimate one) => $"{WaveTables.Amount(shell, one.Value)} ({WaveTables.Amount(shell, one.Lower)} ... {WaveTables.Amount(shell, one.Upper)})";
    }
}
