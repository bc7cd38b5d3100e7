namespace Kedge.Plan.Language;

/// <summary>What a reader of plans can find wrong. Codes are stable: a plan's <c>accept</c> list and scripts name them.</summary>
/// <param name="Meaning">One line for the reference.</param>
internal sealed record ProblemCode(string Code, ProblemSeverity Severity, string Meaning)
{
    public static readonly ProblemCode Unreadable = Error("KP001", "A file or folder cannot be read.");
    public static readonly ProblemCode Syntax = Error("KP002", "The file is not valid YAML.");
    public static readonly ProblemCode SeveralDocuments = Error("KP003", "The file holds more than one YAML document.");
    public static readonly ProblemCode Empty = Error("KP004", "The plan is empty.");
    public static readonly ProblemCode TooLarge = Error("KP005", "The file is too large or nested too deeply to be a plan.");
    public static readonly ProblemCode Alias = Error("KP006", "A YAML alias names no anchor, or an anchor that contains it.");
    public static readonly ProblemCode DuplicateKey = Error("KP007", "A key stands twice in one mapping.");
    public static readonly ProblemCode DuplicateAcrossFiles = Error("KP008", "Two files of the plan say the same thing.");
    public static readonly ProblemCode Tag = Error("KP009", "A YAML tag that the plan's language does not have.");

    public static readonly ProblemCode WrongKind = Error("KP010", "A mapping, a list or a single value stands where another of them belongs.");
    public static readonly ProblemCode UnknownKey = Error("KP011", "A key that the plan's language, or the driver, does not have.");
    public static readonly ProblemCode MissingKey = Error("KP012", "A key that must be there is not.");
    public static readonly ProblemCode WrongType = Error("KP013", "A value is not of its key's type.");
    public static readonly ProblemCode NotAChoice = Error("KP014", "A value is none of the words that its key allows.");
    public static readonly ProblemCode OutOfRange = Error("KP015", "A number, a duration or a list is too small or too large.");
    public static readonly ProblemCode BadName = Error("KP016", "A name is not made of lower-case letters, digits and hyphens.");
    public static readonly ProblemCode SecretInPlan = Error("KP017", "A secret's value, or something else, stands where a reference to a secret belongs.");
    public static readonly ProblemCode NoValue = Error("KP018", "A key has no value.");
    public static readonly ProblemCode Exclusive = Error("KP019", "Keys that exclude each other, or none of several of which one must be there.");

    public static readonly ProblemCode UnknownSite = Error("KP020", "A site that the plan does not have.");
    public static readonly ProblemCode UnknownService = Error("KP021", "A service that the plan does not have.");
    public static readonly ProblemCode UnknownComponent = Error("KP022", "A component that the service does not have.");
    public static readonly ProblemCode UnknownDriver = Error("KP023", "A driver that Kedge does not have.");
    public static readonly ProblemCode DriverCannot = Error("KP024", "A driver is used for what it cannot do (be a component, a check or a step).");
    public static readonly ProblemCode Witness = Error("KP025", "A witness site is used as one that runs services.");
    public static readonly ProblemCode ComponentCycle = Error("KP026", "Components need each other in a circle.");
    public static readonly ProblemCode ServiceCycle = Error("KP027", "Services need each other in a circle.");
    public static readonly ProblemCode RecoveredByItself = Error("KP028", "A site is to be recovered by itself.");
    public static readonly ProblemCode PrimaryIsRecovery = Error("KP029", "A service's primary site is its recovery site too.");
    public static readonly ProblemCode Repeated = Error("KP030", "Something is listed twice.");
    public static readonly ProblemCode TooFewApprovers = Error("KP031", "A decision needs more approvals than there are people who may approve.");
    public static readonly ProblemCode ProceedWithoutFence = Error("KP032", "A failover may start without a person although fencing is not automatic.");
    public static readonly ProblemCode ProceedDespiteBoot = Error("KP033", "A failover may start without a person although something other than Kedge may start a data store.");
    public static readonly ProblemCode UnknownWarning = Error("KP034", "The accept list names a code that is no warning.");
    public static readonly ProblemCode ReviewFailed = Error("KP035", "A driver failed while it looked at its options: a defect of the driver.");

    public static readonly ProblemCode SinglePoint = Warning("KP040", "Redundancy below N+1: one failure takes a component away at its site.");
    public static readonly ProblemCode OneSiteOnly = Warning("KP041", "A component exists at one site only.");
    public static readonly ProblemCode RecoveryLacks = Warning("KP042", "A site that a service may run at lacks one of its components.");
    public static readonly ProblemCode SettlesTooSlowly = Warning("KP043", "A change of traffic takes longer to reach everybody (DNS time-to-live) than the RTO allows.");
    public static readonly ProblemCode RpoOutOfReach = Warning("KP044", "No protection in the plan can reach the RPO.");
    public static readonly ProblemCode NoObjectives = Warning("KP045", "A service has no RTO, or holds data and has no RPO.");
    public static readonly ProblemCode NoChecks = Warning("KP046", "A service has no check, or none at a site that it may run at.");
    public static readonly ProblemCode UnknownApprover = Warning("KP047", "An approver is neither a person's name nor anybody's role.");
    public static readonly ProblemCode NoLogin = Warning("KP048", "An approver has no login to be recognised by.");
    public static readonly ProblemCode NoRecovery = Warning("KP049", "No site recovers a service.");
    public static readonly ProblemCode MtdBelowRto = Warning("KP050", "The longest tolerable disruption is shorter than the recovery that is still allowed.");
    public static readonly ProblemCode OddObjective = Warning("KP051", "An objective that nothing can meet, or that says nothing.");
    public static readonly ProblemCode SlowDetection = Warning("KP052", "Detection, or the wait for a decision, uses up the RTO.");
    public static readonly ProblemCode NeedsSlowerService = Warning("KP053", "A service needs another whose RTO is longer, or that has none.");
    public static readonly ProblemCode NobodyDecides = Warning("KP054", "The plan does not say who may decide.");
    public static readonly ProblemCode DeadlineWithoutEffect = Warning("KP055", "A deadline, or what follows it, has no effect.");
    public static readonly ProblemCode UnusedInstance = Warning("KP056", "An instance or a check stands at a site that the service never runs at.");
    public static readonly ProblemCode UnusedAcceptance = Warning("KP057", "An accepted warning does not occur.");
    public static readonly ProblemCode SlowMarkers = Warning("KP058", "Markers are written too rarely to measure the RPO.");

    /// <summary>In the order of their codes.</summary>
    public static IReadOnlyList<ProblemCode> All { get; } =
        [.. typeof(ProblemCode)
            .GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(f => f.GetValue(null)).OfType<ProblemCode>().OrderBy(c => c.Code, StringComparer.Ordinal)];

    private static ProblemCode Error(string code, string meaning) => new(code, ProblemSeverity.Error, meaning);

    private static ProblemCode Warning(string code, string meaning) => new(code, ProblemSeverity.Warning, meaning);
}
