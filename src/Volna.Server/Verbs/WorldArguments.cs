using System.CommandLine;
using Volna.Simulation;

namespace Volna.Server.Verbs;

/// <summary>The options that describe a make-believe retailer, shared by the verbs that make one. What the command line names goes before what the file says.</summary>
sealed class WorldArguments
{
    readonly Option<string?> _file;
    readonly Option<ulong> _seed;
    readonly Option<int> _customers, _products, _stores;

    public WorldArguments(Verb verb)
    {
        var defaults = new WorldOptions();
        _file = new Option<string?>("--world") { Description = verb.In("File that describes the world, as `volna simulate fit` writes it", "Файл с описанием мира, какой пишет `volna simulate fit`"), HelpName = "FILE" };
        _seed = new Option<ulong>("--seed") { Description = verb.In("Another seed is another world", "Другое число — другой мир"), DefaultValueFactory = _ => defaults.Seed };
        _customers = Count(verb, "--customers", "Customers", "Покупатели", defaults.Customers);
        _products = Count(verb, "--products", "Products", "Товары", defaults.Products);
        _stores = Count(verb, "--stores", "Stores", "Магазины", defaults.Stores);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_file, _seed, _customers, _products, _stores]) command.Options.Add(option);
    }

    /// <exception cref="BadInputException">The file can't be read or says what makes no sense.</exception>
    public WorldOptions Read(ParseResult parsed, Language language)
    {
        var said = parsed.GetValue(_file) is { } path ? WorldFileStore.Read(path) : new WorldOptions();
        return said with
        {
            Seed = IsGiven(parsed, _seed) ? parsed.GetValue(_seed) : said.Seed,
            Customers = IsGiven(parsed, _customers) ? parsed.GetValue(_customers) : said.Customers,
            Products = IsGiven(parsed, _products) ? parsed.GetValue(_products) : said.Products,
            Stores = IsGiven(parsed, _stores) ? parsed.GetValue(_stores) : said.Stores,
            Language = language,
        };
    }

    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    public static Option<int> Count(Verb verb, string name, string english, string russian, int value) =>
        new(name) { Description = verb.In(english, russian), DefaultValueFactory = _ => value };
}
