namespace Volna.Tests;

/// <summary>Real data sets that lie beside the repository where they are at hand; tests that need them are skipped elsewhere.</summary>
static class SharedData
{
    /// <summary>The folder of a data set; skips the test where there is none.</summary>
    public static string Folder(string dataSet)
    {
        var root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Volna.slnx"))) root = Path.GetDirectoryName(root);
        foreach (var beside in (string[])["../shared/data", "../../shared/data"])
        {
            var folder = Path.GetFullPath(Path.Combine(root ?? ".", beside, dataSet));
            if (Directory.Exists(folder)) return folder;
        }

        Assert.Skip("skipped: no shared data");
        return "";
    }

    /// <summary>The repository's own folder.</summary>
    public static string Repository
    {
        get
        {
            var root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "Volna.slnx"))) root = Path.GetDirectoryName(root)!;
            return root;
        }
    }
}
