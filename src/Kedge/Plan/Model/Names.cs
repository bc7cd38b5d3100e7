namespace Kedge.Plan.Model;

/// <summary>Name of a site, as the plan spells it: lower-case letters, digits and hyphens.</summary>
public readonly record struct SiteName(string Value) : IComparable<SiteName>
{
    public int CompareTo(SiteName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>Name of a service (line of business).</summary>
public readonly record struct ServiceName(string Value) : IComparable<ServiceName>
{
    public int CompareTo(ServiceName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>A component within its service, written <c>orders/database</c>.</summary>
public readonly record struct ComponentId(ServiceName Service, string Name) : IComparable<ComponentId>
{
    public int CompareTo(ComponentId other) =>
        Service.CompareTo(other.Service) is not 0 and var order ? order : string.CompareOrdinal(Name, other.Name);

    /// <summary>Reads <c>service/component</c>; throws <see cref="FormatException"/> on anything else.</summary>
    public static ComponentId Parse(string text)
    {
        var slash = text.IndexOf('/');
        return slash > 0 && slash < text.Length - 1
            ? new(new ServiceName(text[..slash]), text[(slash + 1)..])
            : throw new FormatException($"'{text}' is not of the form service/component");
    }

    public override string ToString() => $"{Service}/{Name}";
}

/// <summary>One component at one site, written <c>orders/database@east</c>.</summary>
public readonly record struct InstanceId(ComponentId Component, SiteName Site) : IComparable<InstanceId>
{
    public int CompareTo(InstanceId other) =>
        Component.CompareTo(other.Component) is not 0 and var order ? order : Site.CompareTo(other.Site);

    /// <summary>Reads <c>service/component@site</c>; throws <see cref="FormatException"/> on anything else.</summary>
    public static InstanceId Parse(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && at < text.Length - 1
            ? new(ComponentId.Parse(text[..at]), new SiteName(text[(at + 1)..]))
            : throw new FormatException($"'{text}' is not of the form service/component@site");
    }

    public override string ToString() => $"{Component}@{Site}";
}

/// <summary>SHA-256 of the plan's meaning (comments and layout do not count), in lower-case hexadecimal.</summary>
public readonly record struct PlanVersion(string Value)
{
    /// <summary>The first twelve digits, for people.</summary>
    public string Short => Value.Length > 12 ? Value[..12] : Value;

    public override string ToString() => Value;
}
