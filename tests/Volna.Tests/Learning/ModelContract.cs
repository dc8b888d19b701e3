using Volna.Learning;

namespace Volna.Tests.Learning;

/// <summary>What every model must keep to that is kept in a file.</summary>
public abstract class ModelContract<TModel> : LearningContract<TModel>
{
    protected const string Name = "model.bin";

    protected abstract byte[] Save(TModel model);

    protected abstract TModel Load(byte[] bytes);

    /// <summary>Loads a file as a version to come may write it.</summary>
    protected abstract TModel LoadOfFormat(int format);

    protected static byte[] Empty(string kind, int format) => new ModelBytes(kind, format).Finish();

    protected override object Whole(TModel model) => Save(model);

    [Fact]
    public void It_survives_saving_and_loading()
    {
        var loaded = Load(Save(Model));
        Assert.Equal(Save(Model), Save(loaded));
        Assert.Equal(AskTogether(Model), AskTogether(loaded));
    }

    [Fact]
    public void A_file_that_is_empty_cut_changed_or_longer_is_refused_by_name()
    {
        var whole = Save(Model);
        Refused("model-damaged", []);
        foreach (var length in (int[])[1, 15, whole.Length / 2, whole.Length - 1]) Refused("model-damaged", whole[..length]);
        foreach (var place in (int[])[0, whole.Length / 2, whole.Length - 1])
        {
            var changed = whole.ToArray();
            changed[place] ^= 1;
            Refused("model-damaged", changed);
        }

        Refused("model-damaged", [.. whole, 0]);
    }

    [Fact]
    public void A_file_of_another_version_is_refused_by_name() => Refused("model-format", () => LoadOfFormat(99));

    void Refused(string code, byte[] bytes) => Refused(code, () => Load(bytes));

    static void Refused(string code, Func<TModel> load)
    {
        var refused = Assert.Throws<BadInputException>(() => load());
        Assert.Equal(code, refused.Code);
        foreach (var sentence in (string[])[refused.Sentence.English, refused.Sentence.Russian])
        {
            Assert.DoesNotContain('\n', sentence);
            Assert.Matches(@"(model|demand)\.(bin|json)", sentence);
        }
    }
}
