using System.Net;
using Kedge.Demo.Client;
using Xunit;

namespace Kedge.Tests.Demo;

public class DnsAnswers
{
    private static readonly byte[] Question = DnsAddressQuestion.Encode(0x1234, "orders.shop.example");

    [Fact]
    public void The_question_is_the_one_of_RFC_1035() => Assert.Equal(
        "1234 0000 0001 0000 0000 0000 06 6F7264657273 04 73686F70 07 6578616D706C65 00 0001 0001".Replace(" ", "", StringComparison.Ordinal),
        Convert.ToHexString(Question));

    [Fact]
    public void An_address_is_read_with_its_time_to_live()
    {
        var answer = Answer("C00C 0001 0001 00000001 0004 7F00000B");
        Assert.Equal(new(IPAddress.Parse("127.0.0.11"), TimeSpan.FromSeconds(1)), DnsAddressQuestion.Decode(answer, Question));
    }

    [Fact]
    public void An_alias_before_the_address_is_passed_over()
    {
        var answer = Answer("C00C 0005 0001 00000001 0004 01 77 C013 C030 0001 0001 00000005 0004 7F00000C", answers: 2);
        Assert.Equal(IPAddress.Parse("127.0.0.12"), DnsAddressQuestion.Decode(answer, Question)!.Address);
    }

    [Fact]
    public void What_is_no_answer_to_the_question_is_none()
    {
        var answer = Answer("C00C 0001 0001 00000001 0004 7F00000B");
        Assert.Null(DnsAddressQuestion.Decode(answer, DnsAddressQuestion.Encode(0x1235, "orders.shop.example")));
        Assert.Null(DnsAddressQuestion.Decode(answer, DnsAddressQuestion.Encode(0x1234, "orders.shop.exampla")));
        Assert.Null(DnsAddressQuestion.Decode(Question, Question));
        var refused = answer.ToArray();
        refused[3] |= 5;
        Assert.Null(DnsAddressQuestion.Decode(refused, Question));
    }

    [Fact]
    public void A_message_that_is_cut_off_anywhere_is_no_answer_and_no_error()
    {
        var answer = Answer("C00C 0005 0001 00000001 0004 01 77 C013 C030 0001 0001 00000005 0004 7F00000C", answers: 2);
        for (var length = 0; length < answer.Length; length++)
        {
            Assert.Null(DnsAddressQuestion.Decode(answer.AsSpan(0, length), Question));
        }
    }

    private static byte[] Answer(string records, byte answers = 1)
    {
        byte[] message = [.. Question, .. Convert.FromHexString(records.Replace(" ", "", StringComparison.Ordinal))];
        message[2] |= 0x84;
        message[7] = answers;
        return message;
    }
}
