using System.Text;
using Volna.Intake.Files;
using Volna.Intake.Import;

namespace Volna.Tests.Intake.Import;

public sealed class PoisonedRowsTests
{
    // \xNN is a byte, \n a line feed within the row, {10MB} what it says; everything else stands for itself.
    const string Poison = """
        MissingValue      receipt   | ,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,0
        MissingValue      time      | R,,S1,C1,P1,Milk,1,5,5,0
        NoCustomer        customer  | R,2026-11-01 10:00:00,S1,,P1,Milk,1,5,5,0
        NoCustomer        customer  | R,2026-11-01 10:00:00,S1,   ,P1,Milk,1,5,5,0
        NoCustomer        customer  | R,2026-11-01 10:00:00,S1,"",P1,Milk,1,5,5,0
        MissingValue      product   | R,2026-11-01 10:00:00,S1,C1,,Milk,1,5,5,0
        MissingValue      quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,,5,5,0
        MissingValue      price     | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,,,0
        BadNumber         quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,one,5,5,0
        BadNumber         quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1.2.3,5,5,0
        BadNumber         quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,"1,5",5,5,0
        BadNumber         quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1e3,5,5,0
        BadNumber         quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,0x10,5,5,0
        BadNumber         quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,NaN,5,5,0
        BadNumber         quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,∞,5,5,0
        BadNumber         quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,١,5,5,0
        BadNumber         price     | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,$5,5,0
        BadNumber         price     | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,"5,00",5,0
        BadNumber         price     | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5 руб.,5,0
        BadNumber         price     | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,=1+1,5,0
        BadNumber         amount    | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,-,0
        BadNumber         amount    | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,@SUM(A1),0
        BadNumber         amount    | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,null,0
        BadNumber         discount  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,10%
        BadNumber         discount  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,(1.00)
        NumberOutOfRange  quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,99999999999999999999,5,5,0
        NumberOutOfRange  quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,3000000,5,5,0
        NumberOutOfRange  price     | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,2000000000,5,0
        NumberOutOfRange  amount    | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,1000000000.01,0
        NumberOutOfRange  discount  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,-1000000001
        ZeroQuantity      quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,0,5,5,0
        ZeroQuantity      quantity  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,0.0001,5,5,0
        NegativeNumber    price     | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,-5,5,0
        AmountSign        amount    | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,-5,0
        AmountSign        discount  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,,6
        BadDate           time      | R,yesterday,S1,C1,P1,Milk,1,5,5,0
        BadDate           time      | R,01.11.2026 10:00,S1,C1,P1,Milk,1,5,5,0
        BadDate           time      | R,2026-02-30 10:00:00,S1,C1,P1,Milk,1,5,5,0
        BadDate           time      | R,2026-13-01 10:00:00,S1,C1,P1,Milk,1,5,5,0
        BadDate           time      | R,2026-11-01 25:00:00,S1,C1,P1,Milk,1,5,5,0
        BadDate           time      | R,45962.4166,S1,C1,P1,Milk,1,5,5,0
        BadDate           time      | R,0000-00-00 00:00:00,S1,C1,P1,Milk,1,5,5,0
        DateOutOfRange    time      | R,1899-12-30 00:00:00,S1,C1,P1,Milk,1,5,5,0
        DateOutOfRange    time      | R,9999-12-31 23:59:59,S1,C1,P1,Milk,1,5,5,0
        FutureDate        time      | R,2026-11-28 10:00:00,S1,C1,P1,Milk,1,5,5,0
        FieldCount                  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5
        FieldCount                  | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,0,
        FieldCount                  | R,2026-11-01 10:00:00,S1,C1,P1,Milk, 3.2 %,1,5,5,0
        FieldCount                  | oops
        FieldCount                  | R;2026-11-01 10:00:00;S1;C1;P1;Milk;1;5;5;0
        FieldCount                  | <html><body>502 Bad Gateway</body></html>
        QuoteMisplaced              | R,2026-11-01 10:00:00,S1,C1,P1,5" pipe,1,5,5,0
        QuoteMisplaced              | R,2026-11-01 10:00:00,S1,C1,P1,"Milk"!,1,5,5,0
        QuoteMisplaced              | "R"1,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,0
        QuoteNotClosed              | R,2026-11-01 10:00:00,S1,C1,P1,"Milk,1,5,5,0
        QuoteNotClosed              | R,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,"0
        QuoteNotClosed              | "
        ControlCharacter            | R,2026-11-01 10:00:00,S1,C1,P1,Mi\x00lk,1,5,5,0
        ControlCharacter            | \x00\x00\x00\x00\x00\x00\x00\x00
        ControlCharacter            | R,2026-11-01 10:00:00,S1,C1,P1,Mi\x1Blk,1,5,5,0
        Undecodable                 | R,2026-11-01 10:00:00,S1,C1,P1,\xCC\xEE\xEB\xEE\xEA\xEE,1,5,5,0
        Undecodable                 | R,2026-11-01 10:00:00,S1,C1,P1,\xC0\x80,1,5,5,0
        Undecodable                 | R,2026-11-01 10:00:00,S1,C1,P1,\xED\xA0\x80,1,5,5,0
        KeyTooLong        receipt   | {300},2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,0
        KeyTooLong        product   | R,2026-11-01 10:00:00,S1,C1,{300},Milk,1,5,5,0
        LineTooLong                 | R,2026-11-01 10:00:00,S1,C1,P1,{10MB},1,5,5,0
        LineTooLong                 | R,2026-11-01 10:00:00,S1,C1,P1,"{10MB}",1,5,5,0
        """;

    [Fact]
    public void Every_good_row_comes_in_and_every_bad_row_is_listed_with_line_column_and_reason()
    {
        var poison = Poison.Split('\n').Select(line => (Head: line.Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), Row: line[(line.IndexOf('|', StringComparison.Ordinal) + 2)..])).ToList();
        Assert.True(poison.Count >= 60);

        using var file = new MemoryStream();
        file.Write(Encoding.UTF8.GetBytes(ImportScene.Header));
        var expected = new List<(int Line, string Column, string Reason)>();
        var line = 1;
        var good = 0;
        foreach (var (head, row) in poison)
        {
            // 99 good rows for each bad one, some of them unusual: quoted, with doubled quotation marks, over two lines, Windows line ends, blank lines.
            for (var i = 0; i < 99; i++, good++)
            {
                var (name, lines) = (i % 20) switch
                {
                    0 => ("\"Milk, 3.2 %\"", 1),
                    1 => ("\"The \"\"best\"\" milk\"", 1),
                    2 => ("\"Milk\nof two lines\"", 2),
                    3 => ("\"\"", 1),
                    4 => ("Молоко 🥛", 1),
                    _ => ("Milk", 1),
                };
                file.Write(Encoding.UTF8.GetBytes($"G{good},2026-11-{1 + (good % 20):00} 10:00:00,S{good % 7},C{good % 500},P{good % 90},{name},{(good % 17 == 0 ? -1 : 1 + (good % 3))},5.50,,{(i % 9 == 8 ? "\r\n\n" : "\n")}"));
                line += lines + (i % 9 == 8 ? 1 : 0);
            }

            file.Write(Bytes(row));
            file.WriteByte((byte)'\n');
            expected.Add((++line, head.Length > 1 ? head[1] : "", Enum.Parse<RejectReason>(head[0]).Meaning().Code));
        }

        using var scene = new ImportScene();
        var result = scene.ImportOne(scene.Write("receipts.csv", file.ToArray()));
        Assert.Equal(FileOutcome.Done, result.Outcome);
        Assert.Equal(expected, ImportScene.Rejects(result).Select(reject => (reject.Line, reject.Column, reject.Reason)));
        Assert.Equal((good + poison.Count, good), ((int)result.RowsRead, (int)result.Stored));
        Assert.Equal(result.RowsRead, result.Stored + result.Rejected.Values.Sum());
        Assert.Equal(good, scene.Purchases().Count);

        // Nothing in the list that a spreadsheet would run.
        Assert.All(ImportScene.Rejects(result), reject => Assert.False(reject.Value is ['=' or '+' or '-' or '@', ..], reject.Value));
    }

    [Fact]
    public void An_open_quotation_mark_at_the_end_of_the_file_costs_one_row()
    {
        using var scene = new ImportScene();
        var result = scene.ImportOne(scene.Write("receipts.csv", ImportScene.Header + "R1,2026-11-01 10:00:00,S1,C1,P1,\"Milk,1,5,5,0\nR2,2026-11-01 10:00:00,S1,C1,P1,Milk,1,5,5,0"));
        Assert.Equal((2, 1), (result.RowsRead, result.Stored));
    }

    static byte[] Bytes(string row)
    {
        var bytes = new List<byte>();
        row = row.Replace("{10MB}", new string('x', 10 << 20), StringComparison.Ordinal).Replace("{300}", new string('k', 300), StringComparison.Ordinal);
        for (var i = 0; i < row.Length;)
        {
            if (row[i] == '\\' && row[i + 1] == 'x')
            {
                bytes.Add(Convert.ToByte(row.Substring(i + 2, 2), 16));
                i += 4;
                continue;
            }

            var next = row.IndexOf('\\', i + 1);
            if (next < 0) next = row.Length;
            bytes.AddRange(Encoding.UTF8.GetBytes(row[i..next]));
            i = next;
        }

        return [.. bytes];
    }
}
