namespace Volna.Simulation.Loop;

/// <summary>What must be known beside the figures.</summary>
static class LoopRemarks
{
    public static IEnumerable<Text> Of(LoopOptions options, IReadOnlyDictionary<LoopPolicy, PolicyResult> results)
    {
        yield return new(
            "True increments are the life of each customer under the policy less her life without any offers, with the same luck; forward buying, habits and all that offers leave behind are in them.",
            "Истинный прирост — это жизнь каждого покупателя при данной политике минус его жизнь без предложений при той же удаче; закупки впрок, привычки и прочие последствия предложений в нём учтены.");
        yield return new(
            "All figures are of the customers outside the universal hold-out (nine in ten); Volna's estimate compares them with it, adjusted by what both bought before the first wave.",
            "Все цифры — по покупателям вне общей контрольной группы (девять из десяти); оценка Volna сравнивает их с этой группой с поправкой на покупки до первой волны.");
        if (results.Values.Any(result => result.Waves is not null))
            yield return new(
                "The effects of single waves, added up, aren't the whole effect: what a week takes from the weeks after, and annoyance, are in the life of its own hold-out too.",
                "Сумма эффектов отдельных волн — не весь эффект: то, что неделя отнимает у следующих, и раздражение есть и в жизни её собственной контрольной группы.");
        if (results.ContainsKey(LoopPolicy.Mass))
            yield return new(
                "Mass promotion has no estimate: its prices hold for everybody, so nobody is left to compare with.",
                "У массового промо оценки нет: его цены действуют для всех, и сравнивать не с кем.");
        foreach (var (policy, result) in results.OrderBy(one => one.Key))
            if (result.OutsideCorridors is [.., var latest] stopped)
                yield return new(
                    $"{policy.Name().English}: {stopped.Count} waves of {options.Weeks} were outside their corridors and weren't published; the latest, of week {latest.Week}: {string.Join("; ", latest.Breaches.Select(breach => breach.English))}.",
                    $"{policy.Name().Russian}: волн вне коридоров — {stopped.Count} из {options.Weeks}, они не опубликованы; последняя, недели {latest.Week}: {string.Join("; ", latest.Breaches.Select(breach => breach.Russian))}.");
        if (options.Weeks < 12)
            yield return new(
                "A few weeks show mostly forward buying and chance; a year tells more.",
                "За несколько недель видны в основном закупки впрок и случайность; год скажет больше.");
    }
}
