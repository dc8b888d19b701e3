using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Volna.Intake.Files;

/// <summary>Rows whose value in one of their columns looks like this.</summary>
/// <param name="Column">The file's own column.</param>
/// <param name="Matches">A regular expression.</param>
public sealed record RowTest(string Column, string Matches);

/// <summary>How the files of one name are read: their format, and which of their columns is which of ours.</summary>
public sealed record FileMapping
{
    /// <summary>Name of the files, with <c>*</c> and <c>?</c>: <c>transactions*.csv*</c>.</summary>
    public required string File { get; init; }

    /// <summary>What they hold: <c>receipts</c>, <c>customers</c>, ...</summary>
    public required string Kind { get; init; }

    /// <summary><c>utf-8</c> (the default), <c>utf-16</c>, or an encoding of one byte a character, such as <c>windows-1251</c>.</summary>
    public string Encoding { get; init; } = "utf-8";

    public string Delimiter { get; init; } = ",";

    /// <summary>The sign before decimals: <c>.</c> or <c>,</c>.</summary>
    public string DecimalSign { get; init; } = ".";

    /// <summary>Formats of dates and times, tried in this order: <c>dd.MM.yyyy HH:mm</c>.</summary>
    public ImmutableArray<string> Dates { get; init; } = Layout.NativeDates;

    /// <summary>
    /// Our column, and the file's column or columns: texts are joined by <c>/</c>, numbers are added. Without any entry the file has our names.
    /// </summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Columns { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Our column, and the value it has in all rows.</summary>
    public ImmutableSortedDictionary<string, string> Constants { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Our column, and what is cut off the end of its values: <c>.0</c> of <c>17850.0</c>.</summary>
    public ImmutableSortedDictionary<string, string> Strip { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Our column, and the file's words with ours: <c>{"gender": {"F": "female"}}</c>.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Words { get; init; } =
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>Rows that are returns, whatever the sign of their quantity; a negative quantity is a return anyway.</summary>
    public RowTest? Returns { get; init; }

    /// <summary>Rows that are no products: postage, bank charges.</summary>
    public ImmutableArray<RowTest> NoProduct { get; init; } = [];

    /// <summary>The same text for the same way of reading.</summary>
    internal string Canonical() => JsonSerializer.Serialize(this with { File = "" }, Mapping.Options);
}

/// <summary>A mapping file: tells how foreign files are read.</summary>
public sealed record Mapping(ImmutableArray<FileMapping> Files)
{
    public static Mapping None { get; } = new(ImmutableArray<FileMapping>.Empty);

    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Converters = { new OneOrMore() },
    };

    /// <summary>Reads a mapping and checks all that can be checked without the files themselves.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="BadInputException">It isn't JSON, has an unknown property, column, kind, encoding, ...</exception>
    public static Mapping Parse(string json, string path)
    {
        ImmutableArray<FileMapping> files;
        try
        {
            JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).Dispose();
        }
        catch (JsonException e)
        {
            throw Bad(
                $"{path}: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: isn't JSON; `volna schema --templates DIR` writes a mapping to start from.",
                $"{path}: строка {e.LineNumber + 1}, позиция {e.BytePositionInLine + 1}: это не JSON; образец записывает `volna schema --templates ПАПКА`.");
        }

        try
        {
            files = JsonSerializer.Deserialize<ImmutableArray<FileMapping>>(json, Options);
        }
        catch (JsonException e)
        {
            var (line, what) = ((e.LineNumber ?? 0) + 1, Slip(e));
            throw Bad(
                $"{path}: line {line}, {e.Path}: {what.English}; `volna schema --templates DIR` writes a mapping to start from.",
                $"{path}: строка {line}, {e.Path}: {what.Russian}; образец записывает `volna schema --templates ПАПКА`.");
        }

        if (files.IsDefaultOrEmpty)
            throw Bad($"{path}: expected a list of files, found none.", $"{path}: ожидался список файлов, он пуст.");
        for (var i = 0; i < files.Length; i++) Check(files[i], $"{path}: [{i}] {files[i].File}");
        return new Mapping(files);
    }

    const string ExpectedTexts = "expected a text or a list of texts";

    /// <summary>The entry for a file, by its name without folders; the first that fits; null where none does.</summary>
    public FileMapping? For(string fileName) =>
        Files.FirstOrDefault(file => Regex.IsMatch(
            fileName, "^" + Regex.Escape(file.File).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant));

    /// <summary>What was wrong, in words for people: those of the library name types of programs.</summary>
    static Text Slip(JsonException e)
    {
        var said = e.Message;
        if (said.StartsWith(ExpectedTexts, StringComparison.Ordinal)) return new Text(ExpectedTexts, "ожидались текст или список текстов");
        if (said.Contains("could not be mapped", StringComparison.Ordinal)) return new Text("there is no such setting", "такой настройки нет");
        if (said.Contains("Duplicate property", StringComparison.Ordinal)) return new Text("stands there twice; expected once", "встречается дважды, а должно один раз");
        return said.Split("missing required properties including: ") is [_, var missing]
            ? new Text($"needs {missing.Split('.')[0]} too", $"не хватает {missing.Split('.')[0]}")
            : new Text("has another form than expected", "записано не в том виде");
    }

    static void Check(FileMapping file, string place)
    {
        if (FileKinds.Find(file.Kind)?.Format is not { } format)
        {
            var kinds = string.Join(", ", FileKinds.All.Select(known => known.Format.Kind));
            throw Bad($"{place}: there is no kind of file `{file.Kind}`; there are {kinds}.", $"{place}: нет вида файлов `{file.Kind}`; есть {kinds}.");
        }

        foreach (var name in file.Columns.Keys.Concat(file.Constants.Keys).Concat(file.Strip.Keys).Concat(file.Words.Keys))
            if (format.Find(name) is null)
            {
                var columns = string.Join(", ", format.Columns.Select(column => column.Name));
                throw Bad($"{place}: {format.Kind} have no column `{name}`; they have {columns}.", $"{place}: у вида {format.Kind} нет колонки `{name}`; есть {columns}.");
            }

        if (file.Delimiter.Length != 1 || file.Delimiter[0] > 127)
            throw Bad($"{place}: the delimiter must be one ASCII character, found `{file.Delimiter}`.", $"{place}: разделитель должен быть одним символом ASCII, а указано `{file.Delimiter}`.");
        if (file.DecimalSign is not ("." or ","))
            throw Bad($"{place}: the decimal sign must be `.` or `,`, found `{file.DecimalSign}`.", $"{place}: десятичный знак — `.` или `,`, а указано `{file.DecimalSign}`.");
        if (EncodingOf(file.Encoding) is null)
            throw Bad($"{place}: the encoding `{file.Encoding}` isn't known; such as utf-8, utf-16, windows-1251.", $"{place}: кодировка `{file.Encoding}` неизвестна; примеры: utf-8, utf-16, windows-1251.");
        foreach (var date in file.Dates)
            if (DatePattern.Of(date) is null)
                throw Bad($"{place}: `{date}` is no date format; expected yyyy, MM, dd, and HH, mm, ss where there are times.", $"{place}: `{date}` — не формат даты; нужны yyyy, MM, dd и, если есть время, HH, mm, ss.");
        foreach (var test in file.Returns is { } returns ? file.NoProduct.Add(returns) : file.NoProduct)
            try
            {
                _ = Compile(test.Matches);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                throw Bad($"{place}: `{test.Matches}` is no regular expression: {e.Message}", $"{place}: `{test.Matches}` — не регулярное выражение: {e.Message}");
            }
    }

    /// <summary>Without backtracking: no expression of a mapping can make an import crawl.</summary>
    internal static Regex Compile(string expression) => new(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>UTF-8, UTF-16, or one of one byte a character; null for any other.</summary>
    internal static Encoding? EncodingOf(string name)
    {
        System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            var encoding = System.Text.Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return encoding.IsSingleByte || encoding is UTF8Encoding or UnicodeEncoding ? encoding : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static BadInputException Bad(string english, string russian) => new("mapping-wrong", new Text(english, russian));

    /// <summary>One foreign column may be written as a text, several as a list.</summary>
    sealed class OneOrMore : JsonConverter<ImmutableArray<string>>
    {
        public override ImmutableArray<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String) return [reader.GetString()!];
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException(ExpectedTexts);
            var texts = ImmutableArray.CreateBuilder<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                texts.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException(ExpectedTexts));
            return texts.DrainToImmutable();
        }

        public override void Write(Utf8JsonWriter writer, ImmutableArray<string> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var text in value) writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
    }
}
