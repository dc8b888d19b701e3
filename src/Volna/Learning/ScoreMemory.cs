namespace Volna.Learning;

/// <summary>Room for the scores of all products and of the best of them; one a thread, used again and again.</summary>
public sealed class ScoreMemory
{
    float[] _scores = [], _values = [], _chances = [];

    internal Span<float> Of(int products)
    {
        if (_scores.Length < products) _scores = new float[products];
        return _scores.AsSpan(0, products);
    }

    internal Span<float> Chances(int products)
    {
        if (_chances.Length < products) _chances = new float[products];
        return _chances.AsSpan(0, products);
    }

    internal Span<float> Values(int top)
    {
        if (_values.Length < top) _values = new float[top];
        return _values.AsSpan(0, top);
    }
}
