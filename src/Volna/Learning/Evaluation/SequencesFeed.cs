using Volna.Intake.Files;
using Volna.Intake.Keys;

namespace Volna.Learning.Evaluation;

/// <summary>Sequences of products from a file, and attributes of the products from another one.</summary>
/// <param name="Sequences">Those with at least three products, oldest first; products are numbers from 0.</param>
/// <param name="Attributes">By product; null where no file was given.</param>
sealed record SequenceData(List<int[]> Sequences, int Products, List<int[]>? Attributes);

/// <summary>Files for <c>volna evaluate sequence</c>.</summary>
static class SequencesFeed
{
    static readonly Column
        User = new(0, "user_id", ColumnType.Key, new("The customer", "Покупатель"), "17") { Required = true },
        Position = new(1, "position", ColumnType.Quantity, new("Place among hers, 1 for the oldest", "Номер по порядку, 1 — самый ранний"), "1") { Required = true },
        Item = new(2, "item_id", ColumnType.Key, new("The product", "Товар"), "3077") { Required = true },
        AttributeItem = new(0, "item_id", ColumnType.Key, new("The product", "Товар"), "3077") { Required = true },
        Attribute = new(1, "attribute_id", ColumnType.Key, new("One of its attributes: category, brand", "Один из признаков: категория, бренд"), "12") { Required = true };

    static readonly FileFormat
        Sequences = new("sequences", new("Sequences of products", "Последовательности товаров"), User, Position, Item) { Storing = new("", "") },
        Attributes = new("attributes", new("Attributes of products", "Признаки товаров"), AttributeItem, Attribute) { Storing = new("", "") };

    public static SequenceData Read(string path, string? attributesPath, CancellationToken stop)
    {
        var (items, users) = (new KeyTable(), new KeyTable());
        var lines = new List<(int User, long Position, int Item)>();
        EvaluationFile.Read(path, Sequences, row =>
        {
            var line = (users.NumberOf(row.Key(User)), row.Number(Position, 0) ?? 0, items.NumberOf(row.Key(Item)) - 1);
            if (!row.IsRejected) lines.Add(line);
        }, stop);
        lines.Sort();
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i - 1].User == lines[i].User && lines[i - 1].Position == lines[i].Position)
                throw new BadInputException("position-twice", new Text(
                    $"{path}: the customer {users.KeyOf(lines[i].User)} has the position {lines[i].Position} twice; expected each once.",
                    $"{path}: у покупателя {users.KeyOf(lines[i].User)} позиция {lines[i].Position} встречается дважды; ожидалась один раз."));
        }

        var sequences = lines.GroupBy(line => line.User).Select(user => user.Select(line => line.Item).ToArray()).Where(sequence => sequence.Length >= 3).ToList();
        if (sequences.Count == 0)
            throw new BadInputException("no-sequences", new Text(
                $"{path}: no customer has three products or more: one to learn from, one to choose by, one to judge on.",
                $"{path}: ни у одного покупателя нет трёх товаров: чтобы учиться, выбирать и проверять, нужно по одному."));
        if (attributesPath is null) return new SequenceData(sequences, items.Count, null);

        var attributeKeys = new KeyTable();
        var attributes = Enumerable.Range(0, items.Count).Select(_ => new SortedSet<int>()).ToList();
        EvaluationFile.Read(attributesPath, Attributes, row =>
        {
            var item = items.Find(row.Key(AttributeItem)) - 1;
            var attribute = attributeKeys.NumberOf(row.Key(Attribute)) - 1;
            // Products that no sequence holds can't be judged.
            if (!row.IsRejected && item >= 0) attributes[item].Add(attribute);
        }, stop);
        return new SequenceData(sequences, items.Count, attributes.ConvertAll(own => own.ToArray()));
    }
}
