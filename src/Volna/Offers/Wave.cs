using System.Collections.Immutable;
using Volna.Offers.Response;

namespace Volna.Offers;

/// <summary>Where a wave stands in its life.</summary>
public enum WaveStatus
{
    Draft = 0,
    Generating = 1,
    Generated = 2,
    AwaitingApproval = 3,
    Approved = 4,
    Published = 5,
    Closed = 6,
    Reported = 7,

    /// <summary>An end: a person said no, or a promise of its plan can't be kept.</summary>
    Rejected = 8,

    /// <summary>An end: taken back, offers can't be redeemed any more.</summary>
    Stopped = 9,
}

/// <summary>How people call the statuses.</summary>
public static class WaveStatusNames
{
    public static Text Name(this WaveStatus status) => status switch
    {
        WaveStatus.Draft => new Text("draft", "черновик"),
        WaveStatus.Generating => new Text("generating", "формируется"),
        WaveStatus.Generated => new Text("generated", "сформирована"),
        WaveStatus.AwaitingApproval => new Text("awaiting approval", "ждёт согласования"),
        WaveStatus.Approved => new Text("approved", "согласована"),
        WaveStatus.Published => new Text("published", "опубликована"),
        WaveStatus.Closed => new Text("closed", "закрыта"),
        WaveStatus.Reported => new Text("reported", "отчёт готов"),
        WaveStatus.Rejected => new Text("rejected", "отклонена"),
        WaveStatus.Stopped => new Text("stopped", "остановлена"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No such status."),
    };
}

/// <summary>One dated run: a population, a plan, a validity, its offers and its hold-out.</summary>
/// <param name="Id">Such as <c>2026-11-26</c>, or <c>2026-11-26-b</c> for a second one of that day.</param>
/// <param name="Plan">The plan's text, JSON, as it was when the wave was made.</param>
/// <param name="SnapshotId">The data it was generated from.</param>
/// <param name="ModelVersion">The model it was generated with.</param>
/// <param name="Digest">SHA-256 over the offer pack's content in hexadecimal digits; null before generation.</param>
/// <param name="CreatedBy">Who made it; another person approves.</param>
public sealed record Wave(
    string Id, WaveStatus Status, Period Validity, ulong Seed, string Plan, string? SnapshotId, string? ModelVersion, string? Digest,
    string CreatedBy, string? ApprovedBy, DateTimeOffset CreatedAt)
{
    /// <summary>Ids of the waves published before it was made, latest first: their offers aren't repeated. Frozen, as the data and the model are.</summary>
    public ImmutableArray<string> Earlier { get; init; } = [];

    /// <summary>What the waves before taught about the answer to discounts; frozen, too.</summary>
    public ImmutableArray<LearntOdds> Response { get; init; } = [];

    /// <summary>What generation counted, JSON; null before.</summary>
    public string? Statistics { get; init; }
}

/// <summary>A change of a wave's status.</summary>
/// <param name="From">Null when the wave was made.</param>
/// <param name="Note">Why, where a reason was given; else empty.</param>
public sealed record WaveEvent(WaveStatus? From, WaveStatus To, string By, DateTimeOffset At, string Note);
