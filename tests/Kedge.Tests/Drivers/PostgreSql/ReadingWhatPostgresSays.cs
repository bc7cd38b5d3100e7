using Kedge.Drivers;
using Kedge.Drivers.PostgreSql.Server;
using Kedge.Drivers.PostgreSql.Standby;
using Kedge.Tests.Drivers.Programs;
using NpgsqlTypes;
using Xunit;

namespace Kedge.Tests.Drivers.PostgreSql;

public sealed class ReadingWhatPostgresSays : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_control_file_tells_a_clean_stop_from_a_crash()
    {
        const string output = """
            pg_control version number:            1300
            Database system identifier:           7710585163482859088
            Database cluster state:               shut down
            pg_control last modified:             Sat Nov 21 11:28:28 2026
            Latest checkpoint location:           0/175F0E0
            Latest checkpoint's REDO location:    0/175F0A8
            Latest checkpoint's REDO WAL file:    000000010000000000000001
            Latest checkpoint's TimeLineID:       1

            """;

        var clean = ControlFile.Parse(output);
        var crashed = ControlFile.Parse(output.Replace("shut down", "in production", StringComparison.Ordinal));

        Assert.True(clean.IsCleanPrimary);
        Assert.False(crashed.IsCleanPrimary);
        Assert.Equal(NpgsqlLogSequenceNumber.Parse("0/175F0E0"), clean.Checkpoint);
        Assert.Equal((7710585163482859088UL, 1U), (clean.SystemIdentifier, clean.Timeline));
        Assert.Throws<DriverException>(() => ControlFile.Parse("pg_control version number: 1300\n"));
    }

    [Theory]
    [InlineData(1, "", 2, "1\t0/3000148\tno recovery target specified\n", "0/3000148")]
    [InlineData(3, "1\t0/2000000\tx\n2\t0/5000000\tx\n", 2, "1\t0/2000000\tx\n", "0/5000000")]
    [InlineData(2, "1\t0/2000000\tx\n", 3, "1\t0/3000000\tx\n", "0/2000000")]
    [InlineData(5, "", 2, "1\t0/2000000\tx\n", "0/0")]
    public void Two_histories_fork_where_the_first_of_them_left_the_common_timeline(
        int one, string history, int other, string otherHistory, string fork)
    {
        var mine = TimelineHistory.Parse((uint)one, history);
        var theirs = TimelineHistory.Parse((uint)other, otherHistory);

        Assert.Equal(NpgsqlLogSequenceNumber.Parse(fork), mine.ForkFrom(theirs));
        Assert.Equal(NpgsqlLogSequenceNumber.Parse(fork), theirs.ForkFrom(mine));
        Assert.Null(mine.ForkFrom(mine));
    }

    [Fact]
    public void The_file_that_holds_a_position_is_found_by_the_size_of_its_neighbours()
    {
        foreach (var name in (string[])["000000020000000100000003", "000000020000000100000004", "000000010000000100000003"])
        {
            using var file = File.Create(Path.Join(folder.Path, name));
            file.SetLength(16 << 20);
        }

        var position = NpgsqlLogSequenceNumber.Parse("1/3000148");
        Assert.True(WalSegment.Holds(folder.Path, 2, position));
        Assert.False(WalSegment.Holds(folder.Path, 3, position));
        Assert.Equal(["000000020000000100000003", "000000020000000100000004"], WalSegment.From(folder.Path, 2, position));
        Assert.Equal(NpgsqlLogSequenceNumber.Parse("1/3000000"), WalSegment.Readable(folder.Path, 2, NpgsqlLogSequenceNumber.Parse("1/2000028")));
        Assert.Null(WalSegment.Readable(folder.Path, 2, NpgsqlLogSequenceNumber.Parse("1/5000028")));
    }

    [Fact]
    public void Links_on_the_way_to_a_data_folder_are_followed()
    {
        Directory.CreateDirectory(Path.Join(folder.Path, "disk", "15", "main"));
        Directory.CreateSymbolicLink(Path.Join(folder.Path, "cluster"), "disk/15");
        Directory.CreateSymbolicLink(Path.Join(folder.Path, "absolute"), Path.Join(folder.Path, "cluster"));
        var real = ServerProcesses.RealPath(folder.Path);

        Assert.Equal($"{real}/disk/15/main", ServerProcesses.RealPath(Path.Join(folder.Path, "cluster", "main")));
        Assert.Equal($"{real}/disk/15/main", ServerProcesses.RealPath(Path.Join(folder.Path, "absolute", ".", "..", "15", "main") + "/"));
        Assert.Equal($"{real}/disk/none", ServerProcesses.RealPath(Path.Join(folder.Path, "absolute", "..", "none")));
    }

    [Fact]
    public void A_lock_of_a_dead_server_goes_and_that_of_another_stays()
    {
        var data = Path.Join(folder.Path, "data");
        var sockets = Path.Join(folder.Path, "sockets");
        Directory.CreateDirectory(data);
        Directory.CreateDirectory(sockets);
        const int nobody = 0x3FFFFFFF;
        File.WriteAllText(Path.Join(data, PostmasterFile.Name), $"{nobody}\n{data}\n1780000000\n5432\n{sockets}\n127.0.0.1\n  1 2\nready   \n");
        File.WriteAllText(Path.Join(sockets, ".s.PGSQL.5432.lock"), $"{nobody}\n{data}\n");
        File.WriteAllText(Path.Join(sockets, ".s.PGSQL.5433.lock"), $"{nobody}\n{folder.Path}/other\n");

        PostmasterFile.ClearStale(data, []);

        Assert.Empty(Directory.EnumerateFiles(data));
        Assert.Equal([Path.Join(sockets, ".s.PGSQL.5433.lock")], Directory.EnumerateFiles(sockets));
    }
}
