using System.CommandLine;
using System.Globalization;
using System.Text;
using Volna;
using Volna.Server;
using Volna.Server.Verbs;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

// The language is needed before the command line is parsed, because the help is written in it.
var given = args.SkipWhile(argument => argument != "--lang").Skip(1).FirstOrDefault() ?? args.FirstOrDefault(argument => argument.StartsWith("--lang=", StringComparison.Ordinal))?[7..];
var language = Languages.OfCode(given ?? Environment.GetEnvironmentVariable("VOLNA_LANG") ?? Environment.GetEnvironmentVariable("LANG"));
CultureInfo.CurrentUICulture = new CultureInfo(language.Code());
var verb = new Verb(language);

var root = new Command("volna", verb.In("Volna: personal offers for retailers.", "Volna («Волна»): персональные предложения для розничных сетей."))
{
    DemoVerb.Create(verb),
    ImportVerb.Create(verb),
    LearnVerb.Create(verb),
    PlanVerb.Create(verb),
    WaveVerb.Create(verb),
    TillVerb.Create(verb),
    ReportVerb.Create(verb),
    WatchVerb.Create(verb),
    ServeVerb.Create(verb),
    KeyVerb.Create(verb),
    SchemaVerb.Create(verb),
    SimulateVerb.Create(verb),
    DoctorVerb.Create(verb),
    ExperimentVerb.Create(verb),
    EvaluateVerb.Create(verb),
    BenchVerb.Create(verb),
};
foreach (var option in verb.Common) root.Options.Add(option);
root.Options.Add(verb.Help());
root.Options.Add(new VersionOption());

var parsed = root.Parse(args);

// After Ctrl-C the piece of work in hand is brought to its end.
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

Console.Error.WriteLine($"volna: {ParseSlip.Told(parsed.Errors[^1].Message, language)} {verb.In("See", "См.")} {Place(parsed.CommandResult.Command)} --help");
return Verb.Failed;

static string Place(Symbol command) => command.Parents.FirstOrDefault() is { } parent ? $"{Place(parent)} {command.Name}" : command.Name;
