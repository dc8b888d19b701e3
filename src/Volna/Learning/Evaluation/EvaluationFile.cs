using Volna.Intake.Files;

namespace Volna.Learning.Evaluation;

/// <summary>Reads a file on which a model shall be judged: unlike an import, it may not lack a row, so the first wrong one ends it.</summary>
static class EvaluationFile
{
    /// <exception cref="BadInputException">The file is missing, unreadable, empty, lacks a column, or has a wrong row.</exception>
    public static void Read(string path, FileFormat format, Action<Row> take, CancellationToken stop)
    {
        using var feed = TableFeed.Open(path, Layout.Native(format), format);
        var row = new Row(feed.Layout);
        var rows = 0L;
        while (feed.Read(row))
        {
            if (++rows % 4096 == 0) stop.ThrowIfCancellationRequested();
            if (!row.IsRejected) take(row);
            if (row.Reason is not { } reason) continue;
            var (meaning, column) = (reason.Meaning().Sentence, row.RejectedColumn.Length == 0 ? "" : $", `{row.RejectedColumn}`");
            throw new BadInputException("bad-row", new Text(
                $"{path}: line {row.Line}{column}: found `{row.RejectedValue}`; {meaning.English}",
                $"{path}: строка {row.Line}{column}: найдено `{row.RejectedValue}`; {meaning.Russian}"));
        }

        if (rows == 0)
            throw new BadInputException("no-rows", new Text($"{path}: has a header but no rows.", $"{path}: есть заголовок, но нет строк."));
    }
}
