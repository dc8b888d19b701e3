namespace Volna.Kernels.Tests;

public sealed class Hash64Tests
{
    // Vectors of the xxHash project and of the specification's widespread ports.
    [Theory]
    [InlineData("", 0UL, 0xEF46DB3751D8E999UL)]
    [InlineData("a", 0UL, 0xD24EC4F1A98C6E5BUL)]
    [InlineData("abc", 0UL, 0x44BC2CF5AD770999UL)]
    [InlineData("Nobody inspects the spammish repetition", 0UL, 0xFBCEA83C8A378BF1UL)]
    public void Equals_the_published_vectors(string text, ulong seed, ulong expected) =>
        Assert.Equal(expected, Hash64.Of(text, seed));
}
