using Volna.Learning.Demand;

namespace Volna.Learning;

/// <summary>Trained models on disk: versioned, checksummed folders.</summary>
public sealed class ModelStore(DataFolder folder)
{
    /// <summary>The newest model and its version, such as <c>0003-5f2a9c01</c>.</summary>
    /// <exception cref="BadInputException">No model was learnt yet, or its file is damaged or from another version.</exception>
    public (string Version, DemandModel Model) LoadLatest() => throw new NotImplementedException(folder.Models);

    public DemandModel Load(string version) => throw new NotImplementedException(version);
}
