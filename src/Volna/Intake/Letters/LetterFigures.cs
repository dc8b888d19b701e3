namespace Volna.Intake.Letters;

/// <summary>What became of a wave's letters, as far as the mailing service reported; each letter counts once.</summary>
/// <param name="Reported">Letters of which anything was reported.</param>
/// <param name="Opened">By people, as far as can be told.</param>
/// <param name="OpenedByMachines">By nobody but machines.</param>
/// <param name="Clicked">By people, as far as can be told.</param>
/// <param name="ClickedByMachines">By nobody but machines.</param>
public sealed record LetterFigures(
    long Reported, long Delivered, long Bounced, long Opened, long OpenedByMachines, long Clicked, long ClickedByMachines, long Unsubscribed, long Complained)
{
    /// <summary>
    /// An opening or click at most so many minutes of the clock after delivery is a machine's: scanners of companies and Apple's Mail Privacy Protection fetch what is in a
    /// letter as it arrives, people rarely sit and wait for it. An assumption: machines that come later count as people, and nothing is known without the time of delivery.
    /// </summary>
    public const int MachineMinutes = 1;

    public static LetterFigures operator +(LetterFigures a, LetterFigures b) => new(
        a.Reported + b.Reported, a.Delivered + b.Delivered, a.Bounced + b.Bounced, a.Opened + b.Opened, a.OpenedByMachines + b.OpenedByMachines,
        a.Clicked + b.Clicked, a.ClickedByMachines + b.ClickedByMachines, a.Unsubscribed + b.Unsubscribed, a.Complained + b.Complained);
}
