using Kedge.Drivers.PostgreSql.Server;
using Xunit;

namespace Kedge.Tests.Drivers.PostgreSql;

/// <summary>A fence must not take a server that it cannot look at for dead; nor wait for one that cannot be meant.</summary>
public class ServersOfOtherUsers
{
    [Theory]
    [InlineData(104u, 104u, true)]
    [InlineData(104u, 1000u, false)]
    [InlineData(0u, 104u, false)]
    [InlineData(null, 104u, true)]
    [InlineData(104u, null, true)]
    [InlineData(null, null, true)]
    public void May_serve_the_data_only_where_it_is_theirs_or_that_cannot_be_told(uint? user, uint? owner, bool may) =>
        Assert.Equal(may, ServerProcesses.MayServe(user, owner));
}
