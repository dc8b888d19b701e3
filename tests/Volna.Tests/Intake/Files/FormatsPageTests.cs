using Volna.Intake.Files;

namespace Volna.Tests.Intake.Files;

public sealed class FormatsPageTests
{
    [Theory]
    [InlineData(Language.English, "docs/formats.md")]
    [InlineData(Language.Russian, "docs/formats.ru.md")]
    public void The_page_in_the_repository_says_what_the_code_does(Language language, string file)
    {
        var there = File.ReadAllText(Path.Combine(SharedData.Repository, file));

        Assert.True(
            there == FormatsPage.Markdown(language),
            $"{file} differs from the code; run: ./volna schema --markdown --lang {language.Code()} > {file}");
    }

    [Fact]
    public void Every_column_has_a_meaning_in_both_languages_and_an_example()
    {
        foreach (var format in FileFormats.All)
            foreach (var column in format.Columns)
            {
                var place = $"{format.Kind}.{column.Name}";
                Assert.True(column.Meaning.Russian.Any(c => c is >= 'А' and <= 'я'), place);
                Assert.DoesNotContain(column.Meaning.English, c => c is >= 'А' and <= 'я');
                Assert.True(column.Example.Length > 0, place);
                Assert.True(column.Type == ColumnType.Word == column.Words.Length > 0, place);
            }
    }

    [Fact]
    public void A_kind_is_found_by_name_and_an_unknown_one_is_not()
    {
        Assert.Equal("stock", FileFormats.Find("Stock")?.Kind);
        Assert.Null(FileFormats.Find("nothing"));
    }

    [Fact]
    public void A_template_has_a_header_and_an_example_and_quotes_what_needs_it()
    {
        Assert.Equal(
            "key,name,category,brand,supplier,price,cost,floor,floor_price,tags\n" +
            "85123A,\"Milk 3.2 %, 1 l\",Food/Dairy/Milk,Meadow,Dairy Ltd,89.90,61.00,minimum-price,70.00,vegetarian\n",
            FileFormats.Find("products")!.Template());
    }

    [Fact]
    public void The_template_of_a_mapping_is_a_mapping()
    {
        var (_, content) = Assert.Single(TemplatesStore.All(), template => template.Name == "mapping.json");

        var mapping = Mapping.Parse(content, "mapping.json");

        Assert.Equal(["receipts", "products", "customers"], mapping.Files.Select(file => file.Kind));
        Assert.Equal(["Department", "Group", "Subgroup"], mapping.Files[1].Columns["category"]);
    }
}
