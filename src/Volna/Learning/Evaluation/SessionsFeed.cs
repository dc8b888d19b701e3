using Volna.Intake.Files;
using Volna.Intake.Keys;
using Volna.Learning.Sessions;

namespace Volna.Learning.Evaluation;

/// <summary>Sessions to learn from, in the order of the file, and visits broken off to judge on.</summary>
sealed record SessionData(List<int[]> Sessions, List<SessionCase> Cases, int Products);

/// <summary>Files for <c>volna evaluate sessions</c>.</summary>
static class SessionsFeed
{
    static readonly Column
        Session = new(0, "session", ColumnType.Key, new("The session; sessions follow each other from the oldest to the newest", "Сессия; сессии идут от самых ранних к самым поздним"), "17") { Required = true },
        Position = new(1, "position", ColumnType.Quantity, new("Place in the session, 1 for the first", "Номер по порядку в сессии, с 1"), "1") { Required = true },
        Item = new(2, "item", ColumnType.Key, new("The product seen", "Просмотренный товар"), "3077") { Required = true },
        Case = new(0, "case", ColumnType.Key, new("Number of the case", "Номер случая"), "1") { Required = true },
        Prefix = new(1, "prefix", ColumnType.Text, new("Products seen so far, oldest first, with spaces between", "Просмотренные товары через пробел, сначала ранние"), "3077 12 5") { Required = true },
        Target = new(2, "target", ColumnType.Key, new("The product seen next", "Следующий просмотренный товар"), "8") { Required = true };

    static readonly FileFormat
        Sessions = new("sessions", new("Sessions on a site", "Сессии на сайте"), Session, Position, Item) { Storing = new("", "") },
        Cases = new("cases", new("Visits broken off", "Прерванные визиты"), Case, Prefix, Target) { Storing = new("", "") };

    public static SessionData Read(string trainPath, string testPath, CancellationToken stop)
    {
        var (items, keys) = (new KeyTable(), new KeyTable());
        var lines = new List<(int Session, long Position, int Item)>();
        EvaluationFile.Read(trainPath, Sessions, row =>
        {
            var line = (keys.NumberOf(row.Key(Session)), row.Number(Position, 0) ?? 0, items.NumberOf(row.Key(Item)) - 1);
            if (!row.IsRejected) lines.Add(line);
        }, stop);
        lines.Sort();
        var sessions = lines.GroupBy(line => line.Session).Select(session => session.Select(line => line.Item).ToArray()).ToList();

        var products = items.Count;
        var cases = new List<SessionCase>();
        EvaluationFile.Read(testPath, Cases, row =>
        {
            row.Key(Case);
            var prefix = row.Text(Prefix);
            var next = items.NumberOf(row.Key(Target)) - 1;
            if (!row.IsRejected) cases.Add(new SessionCase([.. prefix.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(key => items.NumberOf(System.Text.Encoding.UTF8.GetBytes(key)) - 1)], next));
        }, stop);
        return new SessionData(sessions, cases, products);
    }
}
