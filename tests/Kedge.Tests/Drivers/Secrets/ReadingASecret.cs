using Kedge.Drivers;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;
using Xunit;

namespace Kedge.Tests.Drivers.Secrets;

public sealed class ReadingASecret : IDisposable
{
    private readonly string path = Path.GetTempFileName();
    private readonly SecretReader reader = new();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3cret\n", "s3cret")]
    [InlineData("s3cret\r\n", "s3cret")]
    [InlineData(" two\nlines \n\n", " two\nlines \n")]
    public void One_newline_at_the_end_is_not_part_of_it(string written, string read)
    {
        Write(written);
        Assert.Equal(read, reader.Read(At(path)));
    }

    [Fact]
    public void It_is_read_anew_each_time()
    {
        Write("old");
        Assert.Equal("old", reader.Read(At(path)));
        Write("new");
        Assert.Equal("new", reader.Read(At(path)));
    }

    [Fact]
    public void A_variable_is_read_from_the_environment()
    {
        Environment.SetEnvironmentVariable("KEDGE_TEST_SECRET", "s3cret");
        Assert.Equal("s3cret", reader.Read(new(SecretSource.Environment, "KEDGE_TEST_SECRET")));
    }

    [Fact]
    public void What_is_missing_or_empty_is_named_with_a_remedy()
    {
        Assert.Equal(
            "secret env:KEDGE_TEST_UNSET is missing: there is no such environment variable\n"
            + "  set KEDGE_TEST_UNSET where Kedge is started (for a systemd unit: EnvironmentFile=)",
            Failure(new(SecretSource.Environment, "KEDGE_TEST_UNSET")));
        Assert.Equal(
            "secret file:/no/such/secret is missing: there is no such file\n  write the secret into /no/such/secret, readable by Kedge alone",
            Failure(At("/no/such/secret")));
        Assert.Equal("secret file:/etc is a folder\n  name the file in it", Failure(At("/etc")));
        Write("\n");
        Assert.Equal($"secret file:{path} is empty\n  write the secret into {path}", Failure(At(path)));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void A_file_that_others_may_use_is_refused_and_the_value_not_told(UnixFileMode other)
    {
        Write("s3cret");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | other);
        Assert.Equal(
            $"secret file:{path} is refused: others than its owner and group may use the file\n  chmod o= {path}", Failure(At(path)));
    }

    [Fact]
    public void Neither_devices_nor_binary_files_are_read()
    {
        Assert.StartsWith("secret file:/dev/null is refused", Failure(At("/dev/null")), StringComparison.Ordinal);
        File.WriteAllBytes(path, [0x73, 0xFF, 0xFE, 0x00]);
        Assert.StartsWith($"secret file:{path} is not text in UTF-8", Failure(At(path)), StringComparison.Ordinal);
    }

    private static SecretReference At(string path) => new(SecretSource.File, path);

    private void Write(string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    private string Failure(SecretReference reference)
    {
        var failure = Assert.Throws<DriverException>(() => reader.Read(reference));
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        return $"{failure.Message}\n  {failure.Hint}";
    }
}
