using System.Globalization;

namespace Volna.Learning.Evaluation;

/// <summary>A delimited table whose columns aren't known beforehand.</summary>
/// <param name="File">Where it was read, for messages.</param>
/// <param name="Lines">The line of each row in the file.</param>
sealed record AnyTable(string File, IReadOnlyList<AnyColumn> Columns, long[] Lines)
{
    public int Rows => Lines.Length;

    /// <exception cref="BadInputException">There is no such column.</exception>
    public AnyColumn this[string name] => Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw new BadInputException(
        "column-missing", new Text(
            $"{File}: has no column `{name}`; found: {string.Join(", ", Columns.Select(column => column.Name))}.",
            $"{File}: нет колонки `{name}`; найдены: {string.Join(", ", Columns.Select(column => column.Name))}."));

    /// <summary>A column's values, all of them numbers.</summary>
    /// <exception cref="BadInputException">One isn't, or is none that can be reckoned with.</exception>
    public double[] Numbers(AnyColumn column)
    {
        var numbers = column.Words.Select(word => AnyColumn.TryNumber(word, out var number) ? number : double.NaN).ToArray();
        var row = Array.FindIndex(column.WordOf, word => double.IsNaN(numbers[word]));
        return row < 0 ? Array.ConvertAll(column.WordOf, word => numbers[word]) : throw Wrong(column, row, new Text("a number such as 12.5", "число, например 12.5"));
    }

    public BadInputException Wrong(AnyColumn column, int row, Text expected) => new("table-value", new Text(
        $"{File}: line {Lines[row]}, column `{column.Name}`: found '{column.Words[column.WordOf[row]]}', expected {expected.English}.",
        $"{File}: строка {Lines[row]}, колонка `{column.Name}`: найдено «{column.Words[column.WordOf[row]]}», ожидалось {expected.Russian}."));
}

/// <summary>One column: each of its different values once, and which of them stands in each row.</summary>
sealed record AnyColumn(string Name, IReadOnlyList<string> Words, int[] WordOf)
{
    /// <summary>True for a column meant as numbers: most of its different values are, NaN among them.</summary>
    public bool IsNumbers => Words.Count(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) * 2 > Words.Count;

    public static bool TryNumber(string word, out double number) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
