namespace Volna.Simulation.Demo;

/// <summary>
/// The plan of the demo's wave: the template for a grocer, but with two weeks of validity and four in ten customers held out. A retailer holds out
/// one in ten and adds up many waves; a single wave of 20,000 customers shows its effect above the noise only with a control group of that size.
/// </summary>
static class DemoPlan
{
    public const int ValidityDays = 14;

    public static string Json(Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        var (leaving, frequent, occasional, fresh) = (In("leaving", "уходящие"), In("frequent", "частые"), In("occasional", "нечастые"), In("new", "новые"));
        return $$"""
            {
              "name": "{{In("Demo", "Демонстрация")}}",
              "language": "{{language.Code()}}",
              "validityDays": {{ValidityDays}},
              "holdoutShare": 0.4,
              "explorationShare": 0.05,
              "channels": ["app", "email", "print"],

              "discountSteps": [5, 10, 15, 20, 25, 30],
              "leastMarginPercent": 3,
              "priceStep": 0.01,

              "mostPerCategory": 2,
              "repeatAfterWaves": 2,
              "rest": { "shareOfRhythm": 0.5, "days": 3 },
              "lapsedAfterDays": 45,
              "soldWithinDays": 60,

              "segments": [
                { "name": "{{leaving}}", "when": { "recencyDays": { "atLeast": 30 }, "receipts": { "withinDays": 365, "atLeast": 5 } } },
                { "name": "{{frequent}}", "when": { "receipts": { "withinDays": 90, "atLeast": 12 } } },
                { "name": "{{occasional}}", "when": { "receipts": { "withinDays": 180, "atLeast": 3 } } },
                { "name": "{{fresh}}" }
              ],
              "slots": {
                "{{leaving}}": { "winback": 2, "habit": 2, "discovery": 1 },
                "{{frequent}}": { "habit": 2, "discovery": 5, "margin": 1 },
                "{{occasional}}": { "habit": 2, "discovery": 2, "margin": 1 },
                "{{fresh}}": { "habit": 1, "discovery": 2 }
              },

              "slotKinds": {
                "habit": { "oddsPerTenPercent": 1.5, "turnoverWorth": 0.3, "discountSteps": [5, 10, 15] },
                "discovery": { "oddsPerTenPercent": 2.2, "turnoverWorth": 0.15 },
                "margin": { "oddsPerTenPercent": 1.8, "turnoverWorth": 0.1 },
                "winback": { "oddsPerTenPercent": 2.0, "turnoverWorth": 0.4 }
              },

              "corridors": {
                "coverage": { "atLeast": 0.7 },
                "offersPerCustomer": { "atLeast": 2, "atMost": 10 },
                "distinctProducts": { "atLeast": 0.05 },
                "emptySlots": { "atMost": 0.4 }
              }
            }
            """;
    }
}
