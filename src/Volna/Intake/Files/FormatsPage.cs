using System.Text;

namespace Volna.Intake.Files;

/// <summary>The page <c>docs/formats.md</c>, made from the formats themselves.</summary>
public static class FormatsPage
{
    /// <summary>The page in Markdown.</summary>
    public static string Markdown(Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);

        var page = new StringBuilder();
        page.Append(In(
            """
            # File formats

            *Made by `volna schema --markdown`; `volna schema KIND` prints one of them, `volna schema --templates DIR` writes a file to fill in for each.*

            Files are CSV in UTF-8 with a header, fields separated by commas, plain or compressed (`.csv`, `.csv.gz`). A file is recognised by the
            beginning of its name: `receipts-2026-11.csv.gz` holds receipts. The order of columns is free, columns that Volna doesn't know are ignored.
            Files in any other form are read with a mapping file. A row that can't be used goes to the rejects with file, line, column, value and
            reason; all others are stored. A file of receipts that came in whole isn't read again; one of any other kind is, if it had
            rejected rows or a newer file of its kind came in since: its values then hold again.

            | type | form |
            | --- | --- |
            | key | the retailer's own number or code, at most 200 bytes, compared exactly: `0017` and `17` differ |
            | text | any text |
            | money | major units with a point: `12.50` |
            | quantity | pieces or kilograms, up to three decimals: `1.250` |
            | percent | 0 to 100: `12.5` |
            | date | `2026-11-26` |
            | date and time | `2026-11-26 18:05:00`, by the store's clock |


            """,
            """
            # Форматы файлов

            *Составлено командой `volna schema --markdown --lang ru`; `volna schema ВИД` печатает один формат, `volna schema --templates ПАПКА` записывает для каждого файл-образец.*

            Файлы — CSV в UTF-8 с заголовком, поля через запятую, обычные или сжатые (`.csv`, `.csv.gz`). Вид файла узнаётся по началу имени:
            `receipts-2026-11.csv.gz` — это чеки. Порядок колонок свободный, незнакомые колонки пропускаются. Файлы любого другого вида читаются
            по файлу соответствий. Строка, которую нельзя использовать, попадает в список отклонённых: файл, строка, колонка, значение и причина;
            остальные загружаются. Полностью загруженный файл чеков второй раз не читается; файл любого другого вида читается снова,
            если в нём были отклонённые строки или после него загружен более новый файл того же вида, и тогда опять действуют его значения.

            | тип | вид |
            | --- | --- |
            | ключ | номер или код самой сети, до 200 байт, сравнивается в точности: `0017` и `17` — разные |
            | текст | любой текст |
            | деньги | рубли и копейки через точку: `12.50` |
            | количество | штуки или килограммы, до трёх знаков после точки: `1.250` |
            | процент | от 0 до 100: `12.5` |
            | дата | `2026-11-26` |
            | дата и время | `2026-11-26 18:05:00`, по часам магазина |


            """));
        foreach (var format in FileFormats.All)
        {
            page.Append(
                $"""
                ## {format.Kind}

                {format.Title.In(language)}. {format.Storing.In(language)}

                {In("| column | type | required | meaning | example |", "| колонка | тип | обязательна | смысл | пример |")}
                | --- | --- | --- | --- | --- |

                """);
            foreach (var column in format.Columns)
                page.Append($"| `{column.Name}` | {column.Values().In(language)} | {(column.Required ? In("yes", "да") : "")} | {column.Meaning.In(language)} | `{column.Example}` |\n");
            page.Append('\n');
        }

        page.Append(In(
            """
            ## Why rows are rejected

            | code | reason |
            | --- | --- |

            """,
            """
            ## Почему строки отклоняются

            | код | причина |
            | --- | --- |

            """));
        foreach (var reason in Enum.GetValues<RejectReason>())
            page.Append($"| `{reason.Meaning().Code}` | {reason.Meaning().Sentence.In(language)} |\n");
        return page.ToString().ReplaceLineEndings("\n");
    }
}
