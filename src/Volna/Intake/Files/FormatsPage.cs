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
            Files in any other form are read with a [mapping file](#mapping). A row that can't be used goes to the rejects with file, line, column, value and
            reason; all others are stored. A file of receipts that came in whole isn't read again; one of any other kind is, if it had
            rejected rows or a newer file of its kind came in since: its values then hold again. Of two rows of a reference file about the same thing the last counts.

            | type | form |
            | --- | --- |
            | key | the retailer's own number or code, at most 200 bytes, compared exactly: `0017` and `17` differ |
            | text | any text |
            | money | major units with a point: `12.50` |
            | quantity | pieces or kilograms, up to three decimals: `1.250` |
            | percent | 0 to 100: `12.5` |
            | date | `2026-11-26` |
            | date and time | `2026-11-26 18:05:00`, by the store's clock |

            ## Mapping
            <a id="mapping"></a>

            `volna import --mapping mapping.json FILE...` reads files of another system as they are; `volna schema --templates DIR` writes a `mapping.json` to start from. It is a list with an
            entry for each kind of file; of those whose `file` fits a file's name the first counts. An export with semicolons, decimal commas and Russian headings in Windows-1251:

                [
                  { "file": "Продажи*.csv", "kind": "receipts", "encoding": "windows-1251", "delimiter": ";", "decimalSign": ",", "dates": ["dd.MM.yyyy HH:mm"],
                    "columns": { "receipt": "Чек", "time": "Дата", "store": "Магазин", "customer": "Карта", "product": "Товар", "quantity": "Количество", "amount": "Сумма" } }
                ]

            | setting | meaning |
            | --- | --- |
            | `file` | Name of the files; `*` and `?` stand for any characters. |
            | `kind` | What they hold, one of the kinds below. |
            | `encoding` | `utf-8` if left out, `utf-16`, or one of a byte a character, such as `windows-1251`. |
            | `delimiter` | Sign between columns, `,` if left out; `\t` is a tabulator. |
            | `decimalSign` | `.` if left out, or `,`. Spaces between thousands are understood anyway: `1 234,50`. |
            | `dates` | Formats of dates and times, tried in this order: `dd.MM.yyyy HH:mm`. |
            | `columns` | Our column: theirs. Of several in a list texts are joined by `/`, numbers added. Left out, the file has our names. |
            | `constants` | Our column: the value it has in all rows. |
            | `strip` | Our column: what is cut off the end of its values. |
            | `words` | Our column: their words with ours, `{ "gender": { "F": "female" } }`. |
            | `returns` | `{ "column": "ReceiptNo", "matches": "^R" }`: rows that are returns, whatever the sign of their quantity. |
            | `noProduct` | A list of the same: rows that are no products, such as postage. |


            """,
            """
            # Форматы файлов

            *Составлено командой `volna schema --markdown --lang ru`; `volna schema ВИД` печатает один формат, `volna schema --templates ПАПКА` записывает для каждого файл-образец.*

            Файлы — CSV в UTF-8 с заголовком, поля через запятую, обычные или сжатые (`.csv`, `.csv.gz`). Вид файла узнаётся по началу имени:
            `receipts-2026-11.csv.gz` — это чеки. Порядок колонок свободный, незнакомые колонки пропускаются. Файлы любого другого вида читаются
            по [файлу соответствий](#mapping). Строка, которую нельзя использовать, попадает в список отклонённых: файл, строка, колонка, значение и причина;
            остальные загружаются. Полностью загруженный файл чеков второй раз не читается; файл любого другого вида читается снова,
            если в нём были отклонённые строки или после него загружен более новый файл того же вида, и тогда опять действуют его значения.
            Из двух строк справочника об одном и том же действует последняя.

            | тип | вид |
            | --- | --- |
            | ключ | номер или код самой сети, до 200 байт, сравнивается в точности: `0017` и `17` — разные |
            | текст | любой текст |
            | деньги | рубли и копейки через точку: `12.50` |
            | количество | штуки или килограммы, до трёх знаков после точки: `1.250` |
            | процент | от 0 до 100: `12.5` |
            | дата | `2026-11-26` |
            | дата и время | `2026-11-26 18:05:00`, по часам магазина |

            ## Файл соответствий
            <a id="mapping"></a>

            `volna import --mapping mapping.json ФАЙЛ...` читает выгрузку другой системы как есть; `volna schema --templates ПАПКА` записывает образец `mapping.json`. Это список: по записи на каждый вид
            файлов; действует первая, чьё `file` подходит к имени файла. Выгрузка с точкой с запятой, десятичной запятой и русскими заголовками в Windows-1251:

                [
                  { "file": "Продажи*.csv", "kind": "receipts", "encoding": "windows-1251", "delimiter": ";", "decimalSign": ",", "dates": ["dd.MM.yyyy HH:mm"],
                    "columns": { "receipt": "Чек", "time": "Дата", "store": "Магазин", "customer": "Карта", "product": "Товар", "quantity": "Количество", "amount": "Сумма" } }
                ]

            | настройка | смысл |
            | --- | --- |
            | `file` | Имя файлов; `*` и `?` заменяют любые символы. |
            | `kind` | Что в них, один из видов ниже. |
            | `encoding` | Если не указана — `utf-8`; ещё `utf-16` или любая однобайтовая, например `windows-1251`. |
            | `delimiter` | Знак между колонками, если не указан — `,`; `\t` — табуляция. |
            | `decimalSign` | Если не указан — `.`, иначе `,`. Пробелы между тысячами понятны и так: `1 234,50`. |
            | `dates` | Форматы дат и времени, пробуются по порядку: `dd.MM.yyyy HH:mm`. |
            | `columns` | Наша колонка: колонка файла. Если их несколько, тексты соединяются через `/`, а числа складываются. Без настройки в файле наши названия. |
            | `constants` | Наша колонка: значение, которое у неё во всех строках. |
            | `strip` | Наша колонка: что отрезать от конца её значений. |
            | `words` | Наша колонка: слова файла и наши, `{ "gender": { "Ж": "female" } }`. |
            | `returns` | `{ "column": "НомерЧека", "matches": "^В" }`: строки-возвраты, какой бы ни был знак количества. |
            | `noProduct` | Список таких же условий: строки, которые не товар, например доставка. |


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
