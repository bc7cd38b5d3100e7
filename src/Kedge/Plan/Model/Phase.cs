using System.Text.Json.Serialization;

namespace Kedge.Plan.Model;

/// <summary>The part of a recovery plan that a step belongs to, in the order in which a reader expects them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
public enum Phase
{
    /// <summary>What can be made ready before anything is out of service.</summary>
    Prepare,

    /// <summary>Stop what must not go on, in a planned move.</summary>
    Stop,

    /// <summary>Make sure that an old active instance cannot accept writes.</summary>
    Fence,

    /// <summary>Promote or restore the data.</summary>
    Promote,

    /// <summary>Start dormant components.</summary>
    Start,

    /// <summary>Switch traffic (DNS, load balancer).</summary>
    Switch,

    /// <summary>Test the service end to end at its new site.</summary>
    Verify,

    /// <summary>Tell people.</summary>
    Announce,

    /// <summary>Rebuild protection in the other direction.</summary>
    Reprotect,

    /// <summary>Take away what a drill had set up.</summary>
    CleanUp,
}
