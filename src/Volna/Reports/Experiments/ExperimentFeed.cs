using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Volna.Intake.Files;

namespace Volna.Reports.Experiments;

/// <summary>Reads an experiment from a delimited file with one row a customer.</summary>
public static class ExperimentFeed
{
    /// <summary>A column with more values than this doesn't name arms.</summary>
    const int MostArms = 50;

    static readonly Text Title = new("An experiment, one row a customer.", "Эксперимент, строка на покупателя.");

    /// <exception cref="BadInputException">
    /// The file or a column is missing, or a row lacks a value or has something else than a number. No row is left out: who is missing is seldom
    /// missing by chance.
    /// </exception>
    public static ExperimentTable Read(string path, ExperimentColumns columns, CancellationToken stop)
    {
        if (columns.Covariates.FirstOrDefault(one => one == columns.Outcome || one == columns.Per || one == columns.Arm) is { } compared)
            throw new BadInputException("covariate-compared", new Text(
                $"--covariates: found `{compared}`, which is part of what is compared; expected columns measured before the experiment.",
                $"--covariates: найдена колонка `{compared}`, а она сама участвует в сравнении; ожидались колонки, измеренные до эксперимента."));

        string[] numbers = [columns.Outcome, .. columns.Per is { } per ? [per] : Array.Empty<string>(), .. columns.Covariates];
        string[] names = [columns.Arm, .. numbers, .. columns.Stratum is { } stratum ? [stratum] : Array.Empty<string>()];
        var format = new FileFormat("experiment", Title, [.. names.Select((name, i) => new Column(i, $"c{i}", ColumnType.Text, Title, ""))]) { Storing = Title };
        var mapping = new FileMapping
        {
            File = "*",
            Kind = format.Kind,
            Delimiter = columns.Delimiter.ToString(),
            Columns = names.Select((name, i) => (name, i)).ToImmutableSortedDictionary(one => $"c{one.i}", one => ImmutableArray.Create(one.name)),
        };

        using var feed = TableFeed.Open(path, mapping, format);
        var row = new Row(feed.Layout);
        var (arms, strata) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        var (armOf, stratumOf) = (new List<int>(), new List<int>());
        var values = numbers.Select(_ => new List<double>()).ToArray();
        while (feed.Read(row))
        {
            if ((row.Line & 0xFFFF) == 0) stop.ThrowIfCancellationRequested();
            if (row.IsRejected) throw Broken(path, row);
            armOf.Add(Word(arms, format.Columns[0]));
            if (arms.Count > MostArms)
                throw new BadInputException("no-arms", new Text(
                    $"{path}: column `{columns.Arm}` has more than {MostArms} different values; expected the names of a few arms.",
                    $"{path}: в колонке `{columns.Arm}` больше {MostArms} разных значений; ожидались названия нескольких групп."));
            for (var i = 0; i < numbers.Length; i++) values[i].Add(Number(format.Columns[1 + i], numbers[i]));
            if (columns.Stratum is not null) stratumOf.Add(Word(strata, format.Columns[^1]));
        }

        if (armOf.Count == 0)
            throw new BadInputException("no-rows", new Text($"{path}: has a header but no rows; expected one row a customer.", $"{path}: есть заголовок, но нет строк; ожидалась строка на покупателя."));

        var ordered = arms.Keys.Order(StringComparer.Ordinal).ToList();
        var place = arms.ToDictionary(arm => arm.Value, arm => ordered.IndexOf(arm.Key));
        var covariatesFrom = columns.Per is null ? 1 : 2;
        return new ExperimentTable(
            path, ordered, [.. armOf.Select(arm => place[arm])], [.. values[0]], columns.Per is null ? null : [.. values[1]],
            [.. values[covariatesFrom..].Select(list => list.ToArray())], columns.Stratum is null ? null : [.. stratumOf]);

        int Word(Dictionary<string, int> words, Column column)
        {
            var word = Encoding.UTF8.GetString(row.Bytes(column));
            if (word.Length == 0) throw NotFound(column.Index, word, new Text("a name", "название"));
            if (!words.TryGetValue(word, out var number)) words.Add(word, number = words.Count);
            return number;
        }

        double Number(Column column, string name)
        {
            var text = row.Bytes(column);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) return number;

            // Where the comma doesn't separate, it may stand before decimals.
            if (columns.Delimiter != ',' && double.TryParse(text, NumberStyles.Float, Language.Russian.Culture(), out number)) return number;
            throw NotFound(column.Index, Encoding.UTF8.GetString(text), new Text("a number such as 12.5", "число, например 12.5"));
        }

        BadInputException NotFound(int column, string found, Text expected) => new("experiment-value", new Text(
            $"{path}: line {row.Line}, column `{names[column]}`: found '{found}', expected {expected.English}.",
            $"{path}: строка {row.Line}, колонка `{names[column]}`: найдено «{found}», ожидалось {expected.Russian}."));
    }

    static BadInputException Broken(string path, Row row)
    {
        var meaning = row.Reason!.Value.Meaning().Sentence;
        return new BadInputException("experiment-row", new Text($"{path}: line {row.Line} can't be read: {meaning.English}", $"{path}: строка {row.Line} не читается: {meaning.Russian}"));
    }
}
