using System.Globalization;
using System.IO;
using Dapper;
using Volna.Offers.Plans;

namespace Volna.Reports.Health;

/// <summary>Figures of health, day by day.</summary>
sealed class HealthStore(StateStore state)
{
    const string Iso = "yyyy-MM-dd";

    /// <summary>Keeps figures of days; what was kept before is measured better now and replaced.</summary>
    /// <param name="wave">Empty for what concerns no single wave.</param>
    public void Keep(string wave, IEnumerable<Measured> figures)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute(
            "insert into health_day (figure, wave, day, value) values (@figure, @wave, @day, @value) on conflict (figure, wave, day) do update set value = @value",
            figures.Select(one => new { figure = (int)one.Figure, wave, day = one.Day.ToString(Iso, CultureInfo.InvariantCulture), value = one.Value }), transaction);
        transaction.Commit();
    }

    /// <summary>A wave's place for what is kept only to be compared with the next day.</summary>
    public const string Level = "level";

    /// <summary>All days of a figure, of all waves.</summary>
    public IReadOnlyList<(DateOnly Day, double Value)> Of(HealthFigure figure)
    {
        using var connection = state.Connect();
        return [.. connection.Query<(string Day, double Value)>("select day, value from health_day where figure = @figure and wave <> @Level order by day", new { figure = (int)figure, Level })
            .Select(row => (DateOnly.ParseExact(row.Day, Iso, CultureInfo.InvariantCulture), row.Value))];
    }

    public double? Find(HealthFigure figure, string wave, DateOnly day)
    {
        using var connection = state.Connect();
        return connection.QuerySingleOrDefault<double?>(
            "select value from health_day where figure = @figure and wave = @wave and day = @day", new { figure = (int)figure, wave, day = day.ToString(Iso, CultureInfo.InvariantCulture) });
    }

    /// <summary>Reads a survey: a row for each answer, with the day, a score where one was given, and 1 where it is a complaint.</summary>
    /// <exception cref="BadInputException">The file is missing or a row isn't what it should be; nothing is kept then.</exception>
    public int ImportSurvey(string path)
    {
        if (!File.Exists(path)) throw new BadInputException("survey-missing", new Text($"{path}: there is no such file.", $"{path}: такого файла нет."));
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0].Trim() != "day,score,complaint")
            throw new BadInputException("survey-head", new Text(
                $"{path}: line 1: found '{lines.FirstOrDefault()}', expected the head day,score,complaint.", $"{path}: строка 1: найдено «{lines.FirstOrDefault()}», ожидался заголовок day,score,complaint."));
        var answers = new List<(DateOnly Day, double? Score, bool IsComplaint)>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            double? score = null;
            if (lines[i].Split(',') is not [var day, var given, ("0" or "1" or "") and var complaint]
                || !DateOnly.TryParseExact(day, Iso, CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
                || (given.Length > 0 && !Score(given, out score)))
                throw new BadInputException("survey-row", new Text(
                    $"{path}: line {i + 1}: found '{lines[i]}', expected a day such as 2026-11-26, a number or nothing, and 1 or 0.",
                    $"{path}: строка {i + 1}: найдено «{lines[i]}», ожидались день вида 2026-11-26, число или пусто и 1 или 0."));
            answers.Add((on, score, complaint == "1"));
        }

        Keep("", answers.GroupBy(answer => answer.Day).SelectMany(day => day.Any(answer => answer.Score is not null)
            ? (Measured[])[new(HealthFigure.Complaints, day.Key, day.Count(answer => answer.IsComplaint)), new(HealthFigure.Satisfaction, day.Key, day.Average(answer => answer.Score)!.Value)]
            : [new(HealthFigure.Complaints, day.Key, day.Count(answer => answer.IsComplaint))]));
        return answers.Count;

        static bool Score(string text, out double? score)
        {
            var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
            score = number;
            return isNumber;
        }
    }
}
