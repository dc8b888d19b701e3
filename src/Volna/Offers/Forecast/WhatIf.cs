using System.Globalization;
using Volna.Intake.Catalog;
using Volna.Offers.Plans;

namespace Volna.Offers.Forecast;

/// <summary>A change of a limit to be tried: <c>NAME.budget=1200000</c>, <c>NAME.mostOffers=5000</c>, <c>NAME.leastOffers=100</c>; <c>none</c> lifts it.</summary>
public static class WhatIf
{
    const string None = "none";

    /// <summary>The plan with a change. <c>all</c> may be changed though the plan has no such limit: it counts all goods.</summary>
    /// <exception cref="BadInputException">It isn't written so, there is no such limit, or the plan would contradict itself.</exception>
    public static Plan Apply(Plan plan, string change)
    {
        var (left, value) = change.LastIndexOf('=') is var equals and > 0 ? (change[..equals].Trim(), change[(equals + 1)..].Trim()) : (change, "");
        var dot = left.LastIndexOf('.');
        if (dot <= 0 || value.Length == 0) throw Wrong($"'{change}'", $"«{change}»", "a limit, a dot, one of budget, mostOffers, leastOffers, then = and a number or none, such as all.budget=1200000", "ограничение, точка, одно из: budget, mostOffers, leastOffers, затем = и число или none, например all.budget=1200000");
        var (name, field) = (left[..dot], left[(dot + 1)..]);
        var place = plan.Limits.ToList().FindIndex(limit => limit.Name == name);
        if (place < 0 && name != "all")
        {
            var known = string.Join(", ", plan.Limits.Select(limit => limit.Name).Append("all").Distinct());
            throw Wrong($"limit '{name}'", $"ограничение «{name}»", $"one of {known}", $"одно из: {known}");
        }

        var old = place < 0 ? new PlanLimit("all", TargetKind.Basket, "", null, null, null) : plan.Limits[place];
        var changed = field switch
        {
            "budget" => old with { Budget = Amount(value) is { } amount ? Money.FromMajor(amount) : null },
            "mostOffers" => old with { MostOffers = Whole(value) },
            "leastOffers" => old with { LeastOffers = Whole(value) },
            _ => throw Wrong($"'{field}'", $"«{field}»", "budget, mostOffers or leastOffers", "budget, mostOffers или leastOffers"),
        };
        if (changed.LeastOffers > changed.MostOffers)
            throw Wrong($"{changed.LeastOffers} promised and at most {changed.MostOffers} offers", $"обещано {changed.LeastOffers} и не больше {changed.MostOffers} предложений", "a promise that isn't above the most", "обещание не больше предела");
        var limits = place < 0 ? plan.Limits : plan.Limits.RemoveAt(place);
        return plan with { Limits = changed is { Budget: null, MostOffers: null, LeastOffers: null, MostOfStock: null } ? limits : limits.Insert(place < 0 ? limits.Length : place, changed) };

        decimal? Amount(string text)
        {
            if (text == None) return null;
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1_000_000_000_000m
                ? amount
                : throw Wrong($"'{text}'", $"«{text}»", "an amount such as 1200000 or 999.50, at most 1000000000000, or none", "число, например 1200000 или 999.50, не больше 1000000000000, либо none");
        }

        int? Whole(string text)
        {
            if (text == None) return null;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count
                : throw Wrong($"'{text}'", $"«{text}»", "a number of offers such as 5000, or none", "число предложений, например 5000, либо none");
        }

        BadInputException Wrong(string foundEnglish, string foundRussian, string expectedEnglish, string expectedRussian) => new("what-if", new Text(
            $"--what-if {change}: found {foundEnglish}, expected {expectedEnglish}.", $"--what-if {change}: найдено {foundRussian}, ожидалось {expectedRussian}."));
    }
}
