using System.Text;
using Kedge.Vault.Crypto;
using Xunit;

namespace Kedge.Vault.Tests.Crypto;

public sealed class SealingAndOpening
{
    /// <summary>The examples of Bernstein's paper (2005, appendix B), which restic's own tests use: r, k, nonce, message and MAC.</summary>
    [Theory]
    [InlineData("851fc40c3467ac0be05cc20404f3f700", "ec074c835580741701425b623235add6", "fb447350c4e868c52ac3275cf9d4327e", "f3f6", "f4c633c3044fc145f84f335cb81953de")]
    [InlineData("a0f3080000f46400d0c7e9076c834403", "75deaa25c09f208e1dc4ce6b5cad3fbf", "61ee09218d29b0aaed7e154a2c5509cc", "", "dd3fab2251f11ac759f0887129cc2ee7")]
    [InlineData("48443d0bb0d21109c89a100b5ce2c208", "6acb5f61a7176dd320c5c1eb2edcdc74", "ae212a55399729595dea458bc621ff0e", "663cea190ffb83d89593f3f476b6bc24d7e679107ea26adb8caf6652d0656136", "0ee1c16bb73f0f4fd19881753c01cdbe")]
    public void The_mac_is_that_of_the_paper(string r, string k, string nonce, string cipher, string mac)
    {
        using var key = new MasterKey(new byte[] { 1 }.Concat(new byte[31]).ToArray(), Convert.FromHexString(k), Convert.FromHexString(r));
        using var sealing = new Sealing(key);
        var message = Convert.FromHexString(nonce + cipher + mac);
        Assert.True(sealing.TryOpen(message, new byte[cipher.Length / 2]));
        message[^1] ^= 1;
        Assert.False(sealing.TryOpen(message, new byte[cipher.Length / 2]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(4097)]
    public void What_was_sealed_opens_again_and_a_flipped_bit_anywhere_does_not(int length)
    {
        using var key = MasterKey.Create();
        using var sealing = new Sealing(key);
        var plain = new byte[length];
        new Random(length).NextBytes(plain);
        var message = new byte[length + Sealing.Overhead];
        sealing.Seal(plain, message);
        var opened = new byte[length];
        Assert.True(sealing.TryOpen(message, opened));
        Assert.Equal(plain, opened);
        for (var bit = 0; bit < message.Length * 8; bit += 1 + (message.Length / 64))
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(sealing.TryOpen(message, new byte[length]));
            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>RFC 7914, section 12.</summary>
    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Scrypt_is_that_of_the_RFC(string password, string salt, int n, int r, int p, string expected)
    {
        var key = new byte[64];
        Scrypt.Derive(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), new(n, r, p), key);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    [Theory]
    [InlineData(1L << 30, 8, 1)]
    [InlineData(3, 8, 1)]
    [InlineData(16, 0, 1)]
    [InlineData(1 << 15, 8, 1 << 19)]
    public void A_key_that_asks_for_too_much_is_refused(long n, int r, int p) =>
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => Scrypt.Derive("x", new byte[32], new(n, r, p))).Fault);
}
