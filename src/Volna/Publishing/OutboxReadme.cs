using System.Text;
using Volna.Offers;

namespace Volna.Publishing;

/// <summary>The page that explains a wave's folder to whoever opens it.</summary>
static class OutboxReadme
{
    public static string Write(Wave wave, int customers, IReadOnlyList<ChannelSummary> channels, int limit)
    {
        var page = new StringBuilder();
        foreach (var language in (Language[])[Language.English, Language.Russian])
        {
            string In(string english, string russian) => new Text(english, russian).In(language);
            string Number(int number) => number.ToString("N0", language.Culture());
            page.Append($"# {In("Wave", "Волна")} {wave.Id}\n\n");
            page.Append(In($"{Number(customers)} customers with offers. Nothing here is for held-out customers.\n\n", $"Покупателей с предложениями: {Number(customers)}. Для контрольной группы здесь ничего нет.\n\n"));
            page.Append(In("| channel | written | no consent | no address | contact limit |\n", "| канал | записано | нет согласия | нет адреса | лимит контактов |\n")).Append("| --- | ---: | ---: | ---: | ---: |\n");
            foreach (var channel in channels) page.Append($"| {channel.Channel} | {Number(channel.Written)} | {Number(channel.NoConsent)} | {Number(channel.NoAddress)} | {Number(channel.ContactLimit)} |\n");
            page.Append('\n');
            page.Append(In(
                $"""
                Complete, one customer a line (letters: one after the other):
                - `recipients.jsonl`: what became of each customer in each channel
                - `app.jsonl`: the app's card as data and, in `html`, as a piece of a page
                - `email.mbox`: the letters as they are sent, in the mbox format that mail programs open
                - `print.jsonl`: what the till prints, 32 and 48 columns wide

                To look at: files of their own for the first {Number(limit)} customers of each channel
                - `app/KEY.json`, `app/KEY.html`; `email/KEY.eml`; `print/KEY-32.txt`, `print/KEY-48.txt`
                - a key that can't be a file name everywhere is replaced by `key.` and its XXH64 hash


                """,
                $"""
                Полные файлы, по строке на покупателя (письма — одно за другим):
                - `recipients.jsonl`: что стало с предложениями каждого покупателя в каждом канале
                - `app.jsonl`: карточка приложения в виде данных и, в поле `html`, фрагмента страницы
                - `email.mbox`: письма в том виде, в каком они отправляются; формат mbox открывают почтовые программы
                - `print.jsonl`: что печатает касса, шириной 32 и 48 знаков

                Для просмотра: отдельные файлы первых {Number(limit)} покупателей каждого канала
                - `app/КЛЮЧ.json`, `app/КЛЮЧ.html`; `email/КЛЮЧ.eml`; `print/КЛЮЧ-32.txt`, `print/КЛЮЧ-48.txt`
                - ключ, который не везде может быть именем файла, заменён на `key.` и его хеш XXH64


                """));
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }
}
