using System.CommandLine;
using Spectre.Console;
using Volna.Learning.Evaluation;
using Volna.Learning.Policies;

namespace Volna.Server.Verbs;

/// <summary><c>volna evaluate policy</c>: what another policy would have brought.</summary>
static class EvaluatePolicyVerb
{
    public static Command Create(Verb verb)
    {
        var file = new Option<string>("--file") { Description = verb.In("Decisions as they were logged; may be gzip", "Записанные решения; можно gzip"), HelpName = "FILE", Required = true };
        var reward = Column("--reward", "Column with what the decision brought", "Колонка с тем, что решение принесло", required: true);
        var propensity = Column("--propensity", "Column with the probability with which it was taken", "Колонка с вероятностью, с которой оно было принято", required: true);
        var target = Column("--target", "Column with the probability with which the other policy would have taken it", "Колонка с вероятностью, с которой его приняла бы другая политика", required: true);
        var slate = Column("--slate", "Column that is the same in the rows of one slate; they share the reward", "Колонка, одинаковая в строках одного набора; награда у них общая", required: false);
        var model = Column("--model", "Column with what a model expects of the decision", "Колонка с тем, что модель ждёт от решения", required: false);
        var modelTarget = Column("--model-target", "Column with what it expects of the other policy's decision", "Колонка с тем, что она ждёт от решения другой политики", required: false);
        var command = verb.Create(
            "policy",
            new Text(
                "Values a policy from decisions that another one took with known probabilities: IPS, SNIPS, doubly robust, slates; refuses where the log holds too little of what the policy would do.",
                "Оценивает политику по решениям, которые принимала другая с известными вероятностями: IPS, SNIPS, двойная устойчивость, наборы; отказывается, если в записях слишком мало того, что сделала бы эта политика."),
            "volna evaluate policy --file log.csv --reward margin --propensity propensity --target target --json");
        foreach (var option in (Option[])[file, reward, propensity, target, slate, model, modelTarget]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var result = PolicyJob.Run(
                parsed.GetValue(file)!,
                new PolicyColumns(parsed.GetValue(reward)!, parsed.GetValue(propensity)!, parsed.GetValue(target)!, parsed.GetValue(slate), parsed.GetValue(model), parsed.GetValue(modelTarget)), shell.Stop);
            if (shell.Json) shell.PrintJson(result);
            else Print(shell, result);
            return Verb.Done;
        });
        return command;

        Option<string?> Column(string name, string english, string russian, bool required) => new(name) { Description = verb.In(english, russian), HelpName = "COL", Required = required };
    }

    static void Print(Shell shell, OffPolicy result)
    {
        var culture = shell.Language.Culture();
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (var head in (string[])[shell.In("per decision", "на решение"), shell.In("95 % interval", "95 %-й интервал")]) table.AddColumn(new TableColumn(head).RightAligned());
        table.AddRow(shell.In("as logged", "как было"), Number(result.Logging), "");
        Add("IPS", result.Ips);
        Add("SNIPS", result.Snips);
        Add(shell.In("doubly robust", "двойная устойчивость"), result.DoublyRobust);
        Add(shell.In("slate", "набор"), result.Slate);
        shell.Print(table);
        shell.Data.WriteLine(shell.In(
            string.Create(culture, $"{result.Decisions:N0} decisions, worth {result.EffectiveDecisions:N0} of the policy's own."), string.Create(culture, $"Решений {result.Decisions:N0}, по сведениям равны {result.EffectiveDecisions:N0} собственным.")));
        if (result.Verdict == NoPolicyValue.SupportTooThin)
            shell.Say(new Text("No value: the log holds too little of what the policy would do.", "Оценки нет: в записях слишком мало того, что сделала бы эта политика."));
        if (result.Verdict == NoPolicyValue.WeightsDoNotAddUp)
            shell.Say(new Text(
                $"No value: the weights' mean is {Number(result.MeanWeight)} instead of 1, so logged probabilities are wrong or the policy does what was never tried.",
                $"Оценки нет: среднее весов {Number(result.MeanWeight)} вместо 1, значит, записанные вероятности неверны или политика делает то, чего не пробовали."));

        void Add(string name, PolicyEstimate? one)
        {
            if (one is { } estimate) table.AddRow(name, Number(estimate.Value), $"{Number(estimate.Lower)} … {Number(estimate.Upper)}");
        }

        string Number(double value) => value.ToString("G4", culture);
    }
}
