using Volna.Kernels;

namespace Volna.Learning.Trees;

/// <summary>Room for scoring a block of rows; one a thread, used again and again.</summary>
sealed class TreeMemory
{
    byte[] _bins = [], _answers = [];

    public (byte[] Bins, byte[] Answers) For(int columns, int nodes)
    {
        if (_bins.Length < 2 * columns * TreeBlock.Rows) _bins = new byte[2 * columns * TreeBlock.Rows];
        if (_answers.Length < TreeBlock.MemoryLength(nodes)) _answers = TreeBlock.Memory(nodes);
        return (_bins, _answers);
    }
}
