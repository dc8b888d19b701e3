using System.IO;
using System.Security.Cryptography;

namespace Volna;

/// <summary>The installation's secret: 32 random bytes, made at first use, readable by the owner alone.</summary>
public static class SecretStore
{
    const int Length = 32;

    // On Unix a move that mustn't overwrite looks first and renames then, so threads could each put theirs in place of the other's.
    static readonly Lock Making = new();

    /// <summary>Reads the secret, or makes it where there is none yet; all threads of the process get the same one.</summary>
    /// <exception cref="BadInputException">The file is there, but isn't a secret.</exception>
    public static byte[] Open(DataFolder folder)
    {
        if (!File.Exists(folder.Secret))
        {
            lock (Making)
            {
                if (!File.Exists(folder.Secret)) Make(folder);
            }
        }

        var secret = File.ReadAllBytes(folder.Secret);
        return secret.Length == Length ? secret : throw new BadInputException("secret-damaged", new Text(
            $"{folder.Secret}: has {secret.Length} bytes, expected {Length}; restore it from a backup, because the codes of published offers derive from it.",
            $"{folder.Secret}: {secret.Length} байт вместо {Length}; восстановите файл из резервной копии: от него зависят коды опубликованных предложений."));
    }

    static void Make(DataFolder folder)
    {
        Directory.CreateDirectory(folder.Root);
        var aside = $"{folder.Secret}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(aside, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(Length));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(aside, folder.Secret, overwrite: false);
        }
        catch (IOException) when (File.Exists(folder.Secret))
        {
            // Another process was first; its secret holds.
            File.Delete(aside);
        }
    }
}
