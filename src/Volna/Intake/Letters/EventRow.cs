using Volna.Intake.History;
using Volna.Intake.Reference;

namespace Volna.Intake.Letters;

/// <summary>What happened to a letter; the order of the words in a file.</summary>
enum LetterEvent
{
    /// <summary>Nothing more than that it was sent.</summary>
    Sent = 0,
    Delivered = 1,
    Bounced = 2,
    Opened = 3,
    Clicked = 4,
    Unsubscribed = 5,
    Complained = 6,
}

/// <summary>A row of a file of mail events.</summary>
/// <param name="Wave">Number of the letter's wave, 0 for another mailing.</param>
/// <param name="Email">Empty for the customer's present address.</param>
sealed record EventRow(int Wave, int Customer, string Email, int Minute, LetterEvent Event)
{
    public string Day => Clock.Day(Minute).Iso();

    public int? Delivered => Event == LetterEvent.Delivered ? Minute : null;

    public int? Opened => Event == LetterEvent.Opened ? Minute : null;

    public int? Clicked => Event == LetterEvent.Clicked ? Minute : null;

    public bool Bounced => Event == LetterEvent.Bounced;

    public bool Unsubscribed => Event == LetterEvent.Unsubscribed;

    public bool Complained => Event == LetterEvent.Complained;
}
