namespace Kedge.Tests.Drivers.Programs;

/// <summary>A folder that is gone after the test, open to every user.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("kedge-test-").FullName;
        File.SetUnixFileMode(Path, (UnixFileMode)0x1FF);
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Script(string name, string text)
    {
        File.WriteAllText(this[name], text);
        File.SetUnixFileMode(this[name], (UnixFileMode)0x1ED);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
