// One violation per room rule, so that the rules are seen to fail. Never shipped, never referenced but by that test.
#pragma warning disable CA1822, CA1812, CA1852, IDE0130

namespace Kedge.Plan
{
    public sealed class Leaky
    {
        public object Mention() => new Recover.Recovery();
    }
}

namespace Kedge.Journal
{
    public sealed class Plan;
}

namespace Kedge.Decide
{
    public sealed class IncidentHelper;
}

namespace Kedge.Recover
{
    public sealed class Recovery;

    internal sealed class Secretive
    {
        public static int Count => 1;
    }
}

namespace Kedge.Nodes
{
    public sealed class Nosy
    {
        public async Task<int> ReachAsync()
        {
            await Task.Yield();
            return Recover.Secretive.Count;
        }
    }
}

namespace Kedge.Store
{
    public sealed class Shelf;
}

namespace Kedge.Demo
{
    public sealed class Shortcut
    {
        public Store.Shelf? Direct { get; set; }
    }
}

namespace Kedge.Drivers.PostgreSql
{
    public sealed class Replica;
}

namespace Kedge.Drivers.Dns
{
    public sealed class Curious
    {
        public IReadOnlyList<PostgreSql.Replica> Others { get; } = [];
    }
}

namespace Kedge.Watch
{
    public sealed class TooConcrete
    {
        public Drivers.PostgreSql.Replica? Direct { get; set; }
    }

    public sealed class Thirsty
    {
        public Type Ask() => typeof(Npgsql.NpgsqlConnection);
    }
}
