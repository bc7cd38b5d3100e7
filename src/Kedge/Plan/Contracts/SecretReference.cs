namespace Kedge.Plan.Contracts;

/// <summary>Where a secret is, never the secret: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
public sealed record SecretReference(SecretSource Source, string Name)
{
    /// <summary>Reads a reference; false where the text is anything else (a value pasted into the plan, say).</summary>
    public static bool TryParse(string text, out SecretReference? reference)
    {
        reference = text switch
        {
            _ when text.StartsWith("env:", StringComparison.Ordinal) && text.Length > 4 => new(SecretSource.Environment, text[4..]),
            _ when text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5 => new(SecretSource.File, text[5..]),
            _ => null,
        };
        return reference is not null;
    }

    public override string ToString() => Source is SecretSource.Environment ? $"env:{Name}" : $"file:{Name}";
}

/// <summary>Kinds of places that hold a secret.</summary>
public enum SecretSource
{
    Environment,
    File,
}
