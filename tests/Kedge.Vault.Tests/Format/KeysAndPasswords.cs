using System.Text;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

public sealed class KeysAndPasswords
{
    private static readonly ScryptCost Cheap = new(16, 1, 1);
    private static readonly KeyOwner Owner = new(new(1_700_000_000, 5, 60), "anna", "harbour");

    [Theory]
    [InlineData("restic-0.14")]
    [InlineData("restic-0.18")]
    public void A_key_of_restic_opens_with_its_password_and_no_other(string writer)
    {
        var file = KeyFile.Parse(Samples.Read(writer, "key.json"));
        using var key = file.TryOpen(Samples.Password);
        Assert.NotNull(key);
        Assert.Null(file.TryOpen("correct horsf"));
        Assert.Equal(("root", "harbour", 32768L), (file.Owner.Username, file.Owner.Hostname, file.Cost.N));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pässwörd 😀")]
    public void A_key_of_ours_opens_with_its_password_and_no_other(string password)
    {
        using var key = MasterKey.Create();
        var json = KeyFile.Create(password, key, Owner, Cheap).Write();
        var file = KeyFile.Parse(json);
        using var opened = file.TryOpen(password);
        Assert.True(opened!.SameAs(key));
        Assert.Null(file.TryOpen(password + "x"));
        Assert.Equal(Owner, file.Owner);
        Assert.Contains("\"kdf\":\"scrypt\",\"N\":16,\"r\":1,\"p\":1,\"salt\":\"", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"kdf\":\"argon2\",\"N\":16,\"r\":1,\"p\":1,\"salt\":\"AAAA\",\"data\":\"AAAA\"}")]
    [InlineData("{\"kdf\":\"scrypt\",\"N\":16,\"r\":1,\"p\":1,\"salt\":\"AAAA\",\"data\":\"AAAA\"}")]
    [InlineData("{\"kdf\":\"scrypt\",\"N\":1073741824,\"r\":8,\"p\":1,\"salt\":\"AAAA\",\"data\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}")]
    [InlineData("{\"kdf\":\"scrypt\",\"N\":16,\"r\":0,\"p\":1,\"salt\":\"AAAA\",\"data\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}")]
    [InlineData("{\"kdf\":\"scrypt\",\"N\":65536,\"r\":1,\"p\":1,\"salt\":\"AAAA\",\"data\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}")]
    public void A_key_that_no_password_can_open_is_damaged(string json) =>
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => KeyFile.Parse(Encoding.UTF8.GetBytes(json)).TryOpen("x")).Fault);

    [Theory]
    [InlineData("\"salt\":\"AAA\"")]
    [InlineData("\"salt\":\"AA=A\"")]
    [InlineData("\"salt\":\"A*AA\"")]
    [InlineData("\"salt\":[1]")]
    [InlineData("\"data\":7")]
    public void What_is_not_base64_is_damaged(string field) =>
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => KeyFile.Parse(Encoding.UTF8.GetBytes("{" + field + "}"))).Fault);

    /// <summary>Somebody who knows the password may have sealed anything.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"mac\":{\"k\":\"AQAAAAAAAAAAAAAAAAAAAA==\",\"r\":\"AQAAAAAAAAAAAAAAAAAAAA==\"},\"encrypt\":\"AQAA\"}")]
    [InlineData("{\"mac\":{\"k\":\"AQAAAAAAAAAAAAAAAAAAAA==\"},\"encrypt\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}")]
    [InlineData("{\"mac\":null,\"encrypt\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}")]
    public void A_sealed_content_that_is_no_master_key_is_damaged(string json)
    {
        var refusal = Assert.Throws<VaultException>(() => MasterKeyText.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(VaultFault.Damaged, refusal.Fault);
    }

    [Fact]
    public void A_master_key_is_sealed_in_restics_words()
    {
        using var key = new MasterKey(Enumerable.Repeat((byte)1, 32).ToArray(), Enumerable.Repeat((byte)2, 16).ToArray(), Enumerable.Repeat((byte)255, 16).ToArray());
        var json = new byte[MasterKeyText.Length];
        MasterKeyText.Write(key, json);
        Assert.Equal("{\"mac\":{\"k\":\"AgICAgICAgICAgICAgICAg==\",\"r\":\"/////////////////////w==\"},\"encrypt\":\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\"}", Encoding.ASCII.GetString(json));
        using var back = MasterKeyText.Parse(json);
        Assert.True(back.SameAs(key));
    }
}
