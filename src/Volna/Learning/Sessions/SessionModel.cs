using Volna.Learning.Networks;

namespace Volna.Learning.Sessions;

/// <summary>
/// What a visitor will look at next, told from the sessions most like hers: those that share products with her visit, the last seen the most (weighted session
/// neighbours, as in Garg, Gupta, Malhotra, Vig, Shroff, "Sequence and Time Aware Neighborhood for Session-based Recommendations", 2019). In each of them, what
/// stands near the product last seen in both speaks the loudest. The neighbours are exact: all sessions that share a product are looked at. A small network (see
/// <see cref="NetworkModel"/>) may have a part of the say.
/// </summary>
public sealed class SessionModel
{
    const int Format = 2;
    const string Kind = "sessions";

    internal SessionModel(SessionOptions options, int[] start, int[] seen, SparseRows sessionsOf, NetworkModel? network)
    {
        if (network is null != (options.Network == 0)) throw new ArgumentException($"A network's part of the say is {options.Network}, and there is {(network is null ? "none" : "one")}.");
        Network = network;
        Options = options;
        Start = start;
        Seen = seen;
        SessionsOf = sessionsOf;
        Weight = new float[start.Length - 1];
        for (var i = 0; i < Weight.Length; i++)
            Weight[i] = MathF.Pow(Math.Max(start[i + 1] - start[i], 1), -options.LengthPower) * MathF.Pow(options.Oldest, 1 - ((i + 1f) / Weight.Length));
        ProductWeight = new float[sessionsOf.Count];
        for (var i = 0; i < ProductWeight.Length; i++) ProductWeight[i] = MathF.Pow(sessionsOf.PlacesOf(i).Length + 1, -options.PopularityPower);
        Popular = [.. Enumerable.Range(0, sessionsOf.Count).OrderByDescending(product => sessionsOf.PlacesOf(product).Length).ThenBy(product => product).Take(MostPopular)];
    }

    const int MostPopular = 100;

    public SessionOptions Options { get; }

    /// <summary>Products known, numbered from 0.</summary>
    public int Products => SessionsOf.Count;

    internal int Sessions => Weight.Length;

    /// <summary>By session, where its products start in <see cref="Seen"/>; one more at the end.</summary>
    internal int[] Start { get; }

    internal int[] Seen { get; }

    /// <summary>By product, the sessions in which it was seen.</summary>
    internal SparseRows SessionsOf { get; }

    internal NetworkModel? Network { get; }

    internal float[] Weight { get; }

    internal float[] ProductWeight { get; }

    /// <summary>Fills up where too little is like the visit.</summary>
    internal int[] Popular { get; }

    /// <param name="sessions">Oldest session first, of each its products in the order in which they were seen, numbered from 0.</param>
    /// <param name="network">Learnt from the same sessions; null where it has no say.</param>
    public static SessionModel Fit(IReadOnlyList<int[]> sessions, int products, SessionOptions options, NetworkModel? network = null)
    {
        var start = new int[sessions.Count + 1];
        for (var i = 0; i < sessions.Count; i++) start[i + 1] = start[i] + sessions[i].Length;
        return new SessionModel(
            options, start, [.. sessions.SelectMany(session => session)], SparseRows.OfUnits([.. sessions.Select(session => session.Distinct().ToArray())]).Transpose(products), network);
    }

    /// <summary>The same with other options: all of them concern ranking alone.</summary>
    internal SessionModel With(SessionOptions options, NetworkModel? network = null) => new(options, Start, Seen, SessionsOf, network);

    public byte[] Save() => new ModelBytes(Kind, Format)
        .Add<float>([Options.Memory, Options.LengthPower, Options.Oldest, Options.Reach, Options.Backward, Options.Repeat, Options.PopularityPower, Options.Network])
        .Add<int>([Options.Neighbours]).Add<int>(Start).Add<int>(Seen).Add(SessionsOf).Add<byte>(Network?.Save() ?? []).Finish();

    /// <param name="file">For messages.</param>
    /// <exception cref="BadInputException">The bytes are damaged, or those of another model or format.</exception>
    public static SessionModel Load(ReadOnlySpan<byte> bytes, string file)
    {
        var reader = new ModelBytes.Reader(bytes, Kind, Format, file);
        var numbers = reader.Take<float>();
        var options = new SessionOptions
        {
            Memory = numbers[0],
            LengthPower = numbers[1],
            Oldest = numbers[2],
            Reach = numbers[3],
            Backward = numbers[4],
            Repeat = numbers[5],
            PopularityPower = numbers[6],
            Network = numbers[7],
            Neighbours = reader.Take<int>()[0],
        };
        return new SessionModel(options, reader.Take<int>(), reader.Take<int>(), reader.TakeRows(), reader.Take<byte>() is [_, ..] network ? NetworkModel.Load(network, file) : null);
    }
}
