namespace Kedge.Vault.Tests.Servers;

/// <summary>What a <see cref="FaultyForwarder"/> does to one request.</summary>
internal enum FaultKind
{
    /// <summary>None: so that a later request is the one that is hit.</summary>
    Pass,

    /// <summary>Answers with a status of its own; the server never hears of the request.</summary>
    Refuse,

    /// <summary>Cuts the connection once so many bytes of the request's body went through.</summary>
    CutRequest,

    /// <summary>Cuts the connection once so many bytes of the answer's body went through.</summary>
    CutAnswer,

    /// <summary>The server has done what it was asked; the connection is cut before its answer comes back.</summary>
    LoseAnswer,

    /// <summary>Takes the request and says nothing.</summary>
    Silence,

    /// <summary>Ends the answer's body after so many bytes, and says that this is all of it.</summary>
    ShortenAnswer,

    /// <summary>The request's range is lost on the way.</summary>
    DropRange,

    /// <summary>The request asks for another range.</summary>
    ShiftRange,

    /// <summary>Answers with what is no HTTP.</summary>
    Garbage,
}
