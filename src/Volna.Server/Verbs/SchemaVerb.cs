using System.CommandLine;
using Spectre.Console;
using Volna.Intake.Files;
using Volna.Offers.Plans;

namespace Volna.Server.Verbs;

/// <summary><c>volna schema</c>: what the files that Volna reads look like.</summary>
static class SchemaVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "schema", new Text("Prints file formats and writes template files.", "Печатает форматы файлов и записывает файлы-образцы."),
            "volna schema", "volna schema products", "volna schema products --json", "volna schema plan > plan.json", "volna schema --templates my-files", "volna schema --markdown --lang ru > formats.ru.md");
        var kind = new Argument<string?>("KIND")
        {
            Description = verb.In("Kind of file; without it all kinds are listed; `plan` prints a plan of offers to start from", "Вид файла; без него перечисляются все виды; `plan` печатает образец плана предложений"),
            Arity = ArgumentArity.ZeroOrOne,
        };
        var templates = new Option<string?>("--templates")
        {
            Description = verb.In("Write a file to fill in for each kind into this folder; never overwrites", "Записать в эту папку по файлу-образцу каждого вида; ничего не перезаписывает"),
            HelpName = "DIR",
        };
        var markdown = new Option<bool>("--markdown") { Description = verb.In("Print the page docs/formats.md", "Вывести страницу docs/formats.md") };
        command.Arguments.Add(kind);
        command.Options.Add(templates);
        command.Options.Add(markdown);

        verb.SetAction(command, (parsed, shell) =>
        {
            if (parsed.GetValue(templates) is { } folder) WriteTemplates(shell, folder);
            else if (parsed.GetValue(markdown)) shell.Data.Write(FormatsPage.Markdown(shell.Language));
            else if (parsed.GetValue(kind) == "plan") shell.Data.WriteLine(PlanTemplateStore.Text);
            else if (parsed.GetValue(kind) is { } name) PrintKind(shell, name);
            else PrintKinds(shell);
            return Verb.Done;
        });
        return command;
    }

    static void PrintKinds(Shell shell)
    {
        if (shell.Json)
        {
            shell.PrintJson(FileFormats.All.Select(format => new { format.Kind, Title = format.Title.In(shell.Language), Columns = format.Columns.Select(column => column.Name) }));
            return;
        }

        var table = NewTable(shell.In("kind", "вид"), shell.In("what it holds", "что в нём"), shell.In("columns (required ones with *)", "колонки (обязательные со *)"));
        foreach (var format in FileFormats.All)
            table.AddRow(
                Markup.Escape(format.Kind), Markup.Escape(format.Title.In(shell.Language)),
                Markup.Escape(string.Join(", ", format.Columns.Select(column => column.Name + (column.Required ? "*" : "")))));
        shell.Print(table);
    }

    static void PrintKind(Shell shell, string kind)
    {
        var format = FileFormats.Find(kind) ?? throw Unknown(kind);
        if (shell.Json)
        {
            shell.PrintJson(new
            {
                format.Kind,
                Title = format.Title.In(shell.Language),
                Storing = format.Storing.In(shell.Language),
                Columns = format.Columns.Select(column => new { column.Name, column.Type, column.Required, column.Words, Meaning = column.Meaning.In(shell.Language), column.Example }),
            });
            return;
        }

        shell.Say(format.Title);
        shell.Say(format.Storing);
        var table = NewTable(
            shell.In("column", "колонка"), shell.In("type", "тип"), shell.In("required", "обязательна"), shell.In("meaning", "смысл"), shell.In("example", "пример"));
        foreach (var column in format.Columns)
            table.AddRow(
                Markup.Escape(column.Name), Markup.Escape(column.Values().In(shell.Language)), column.Required ? shell.In("yes", "да") : "",
                Markup.Escape(column.Meaning.In(shell.Language)), Markup.Escape(column.Example));
        shell.Print(table);
    }

    static void WriteTemplates(Shell shell, string folder)
    {
        var files = TemplatesStore.Write(folder, shell.DryRun);
        if (shell.Json)
        {
            shell.PrintJson(files.Select(file => new { file.Path, file.Written }));
            return;
        }

        foreach (var (path, written) in files)
        {
            if (written) shell.Data.WriteLine(path);
            else shell.Say(new Text($"{path}: is there already, left as it is.", $"{path}: уже есть, оставлен без изменений."));
        }
    }

    static Table NewTable(params ReadOnlySpan<string> headings)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in headings) table.AddColumn(heading);
        return table;
    }

    static BadInputException Unknown(string kind)
    {
        var kinds = string.Join(", ", FileFormats.All.Select(format => format.Kind).Append("plan"));
        return new BadInputException("kind-unknown", new Text(
            $"there is no kind of file `{kind}`; there are {kinds}.",
            $"нет вида файлов `{kind}`; есть {kinds}."));
    }
}
