using System.CommandLine;
using System.Text;
using Volna;
using Volna.Server;
using Volna.Server.Verbs;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

// The language is needed before the command line is parsed, because the help is written in it.
var at = Array.IndexOf(args, "--lang");
var language = Languages.OfCode(at >= 0 && at + 1 < args.Length ? args[at + 1] : Environment.GetEnvironmentVariable("VOLNA_LANG") ?? Environment.GetEnvironmentVariable("LANG"));
var verb = new Verb(language);

var root = new RootCommand(verb.In("Volna: personal offers for retailers.", "Volna («Волна»): персональные предложения для розничных сетей."))
{
    DemoVerb.Create(verb),
    ImportVerb.Create(verb),
    LearnVerb.Create(verb),
    WaveVerb.Create(verb),
    TillVerb.Create(verb),
    ReportVerb.Create(verb),
    ServeVerb.Create(verb),
    SchemaVerb.Create(verb),
    DoctorVerb.Create(verb),
};
foreach (var option in verb.Common) root.Options.Add(option);

var parsed = root.Parse(args);
var exitCode = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? Verb.Failed : exitCode;
