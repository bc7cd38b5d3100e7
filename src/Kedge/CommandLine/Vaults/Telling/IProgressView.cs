using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>How far something is, as it is shown again and again.</summary>
internal interface IProgressView
{
    /// <summary>For a terminal.</summary>
    /// <param name="elapsed">Since the beginning.</param>
    void Draw(Page page, TimeSpan elapsed);

    /// <summary>The fields of a message of type <c>status</c>.</summary>
    void Write(Utf8JsonWriter json, TimeSpan elapsed);
}
