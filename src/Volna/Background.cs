using System.Runtime.InteropServices;

namespace Volna;

/// <summary>Work that can wait stands back where tills want the processor. Where the system can't tell threads apart, nothing is changed.</summary>
public static class Background
{
    /// <summary>Work that has to keep up with the tills, work that is waited for, and work that may take as long as it takes.</summary>
    public const int KeepsUp = 5, Soon = 10, Whenever = 19;

    const int OfProcess = 0, Calling = 0;

    /// <summary>Sets the calling thread back for good; threads that it starts begin there.</summary>
    /// <param name="by">Steps of nice(2), each a fifth less of the processor.</param>
    public static void StandBack(int by)
    {
        // On Linux a thread has a priority of its own; elsewhere this would be the whole process.
        if (OperatingSystem.IsLinux()) _ = SetPriority(OfProcess, Calling, by);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    static extern int SetPriority(int which, int who, int priority);
}
