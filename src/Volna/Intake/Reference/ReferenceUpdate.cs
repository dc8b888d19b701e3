using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>
/// The statement that gives a row of ours what a file says of it. Only columns that the file has are set, so that a file of names and prices
/// doesn't wipe out brands; an empty cell of a column that the file has does clear the value.
/// </summary>
static class ReferenceUpdate
{
    /// <returns>Null where the file has nothing but keys.</returns>
    public static string? Of(string table, Layout layout, params ReadOnlySpan<(Column Column, string Assignment)> assignments)
    {
        var given = new List<string>();
        foreach (var (column, assignment) in assignments)
            if (layout.Has(column))
                given.Add(assignment);
        return given.Count == 0 ? null : $"update {table} set {string.Join(", ", given)} where number = @Number";
    }
}
