using Volna.Intake.Files;
using Volna.Intake.Keys;

namespace Volna.Learning.Evaluation;

/// <summary>Customers' baskets from a file, in three parts.</summary>
/// <param name="Products">Different products; in the baskets they are numbers from 0.</param>
sealed record BasketParts(List<int[][]> Train, List<int[][]> Validate, List<int[][]> Test, int Products);

/// <summary>Files for <c>volna evaluate next-basket</c>: a row for each product of each basket.</summary>
static class BasketsFeed
{
    static readonly Column
        Part = new(0, "part", ColumnType.Word, new("Learnt from, chosen by, or judged on", "На чём учиться, выбирать, проверять"), "train") { Required = true, Words = ["train", "validate", "test"] },
        User = new(1, "user", ColumnType.Key, new("The customer", "Покупатель"), "1767216") { Required = true },
        SetNumber = new(2, "set_number", ColumnType.Quantity, new("Place of the basket among hers, 1 for the oldest", "Номер корзины покупателя, 1 — самая ранняя"), "1") { Required = true },
        Item = new(3, "item", ColumnType.Key, new("A product in it", "Товар в ней"), "3077") { Required = true };

    static readonly FileFormat Format = new("baskets", new("Baskets", "Корзины"), Part, User, SetNumber, Item) { Storing = new("", "") };

    public static BasketParts Read(string path, CancellationToken stop)
    {
        var items = new KeyTable();
        var users = new KeyTable();
        var lines = new List<(int User, int Set, int Item)>();
        var partOf = new List<int>();
        EvaluationFile.Read(path, Format, row =>
        {
            var part = row.Word(Part) ?? 0;
            var user = users.NumberOf(row.Key(User)) - 1;
            var set = row.Number(SetNumber, 0) ?? 0;
            var item = items.NumberOf(row.Key(Item)) - 1;
            if (row.IsRejected) return;
            if (user == partOf.Count) partOf.Add(part);
            if (partOf[user] != part)
                throw new BadInputException("user-in-two-parts", new Text(
                    $"{path}: line {row.Line}: the customer {row.Text(User)} is in two parts, `{Part.Words[partOf[user]]}` and `{Part.Words[part]}`; expected each in one.",
                    $"{path}: строка {row.Line}: покупатель {row.Text(User)} в двух частях, `{Part.Words[partOf[user]]}` и `{Part.Words[part]}`; ожидался в одной."));
            lines.Add((user, (int)set, item));
        }, stop);

        lines.Sort(static (a, b) => a.User != b.User ? a.User.CompareTo(b.User) : a.Set != b.Set ? a.Set.CompareTo(b.Set) : a.Item.CompareTo(b.Item));
        List<int[][]>[] parts = [[], [], []];
        foreach (var user in lines.Distinct().GroupBy(line => line.User))
            parts[partOf[user.Key]].Add([.. user.GroupBy(line => line.Set).Select(set => set.Select(line => line.Item).ToArray())]);
        return new BasketParts(parts[0], parts[1], parts[2], items.Count);
    }
}
