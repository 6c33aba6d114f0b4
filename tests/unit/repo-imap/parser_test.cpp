// SPDX-License-Identifier: Apache-2.0
#include "recorder.hpp"

#include <gmock/gmock.h>

namespace offlineimap::imap::test {

namespace {

struct Case {
    std::string name, input, events;
};

std::string parse_in_pieces(const std::string& input, std::size_t cut)
{
    Recorder recorder;
    Parser parser(recorder);
    parser.feed(bytes_of(std::string_view(input).substr(0, cut)));
    parser.feed(bytes_of(std::string_view(input).substr(cut)));
    return recorder.log;
}

std::string parse_byte_by_byte(const std::string& input)
{
    Recorder recorder;
    Parser parser(recorder);
    for (const char& c : input)
        parser.feed(bytes_of({&c, 1}));
    return recorder.log;
}

using namespace std::string_literals;

const Case cases[] = {
    {"greeting", "* OK [CAPABILITY IMAP4rev1 LITERAL+] ready {5}\r\n",
     "untagged OK <CAPABILITY|IMAP4rev1 LITERAL+> ready {5}\n"},
    {"tagged", "A1 OK [READ-WRITE] done\r\nA2 NO [OVERQUOTA] full\r\nA3 BAD what\r\n",
     "tagged A1 OK <READ-WRITE|> done\ntagged A2 NO <OVERQUOTA|> full\ntagged A3 BAD <|> what\n"},
    {"tagged_without_text", "A1 OK\r\n", "tagged A1 OK <|> \n"},
    {"code_with_quoted_bracket", "* OK [BADURL \"a]b\"] text\r\n",
     "untagged OK <BADURL|\"a]b\"> text\n"},
    {"code_with_odd_quote", "* OK [X a\"b] text\r\n", "untagged OK <X|a\"b> text\n"},
    {"code_with_bracket_in_a_list", "* OK [PERMANENTFLAGS (a] b[ \\*)] (x) [y]\r\n",
     "untagged OK <PERMANENTFLAGS|(a] b[ \\*)> (x) [y]\n"},
    {"code_with_a_list_never_closed", "* NO [X (a] b\r\n", "untagged NO <X|(a> b\n"},
    {"code_never_closed", "* OK [ALERT\r\n* OK [\r\n",
     "untagged OK <|> [ALERT\nuntagged OK <|> [\n"},
    {"continuation", "+ go on\r\n+\r\n+ \r\n", "+ go on\n+ \n+ \n"},
    {"capability", "* CAPABILITY IMAP4rev1 IDLE \r\n", "capability IMAP4rev1 IDLE \n"},
    {"enabled", "* ENABLED QRESYNC\r\n", "enabled QRESYNC\n"},
    {"id", "* ID (\"name\" \"Dovecot\" \"os\" NIL)\r\n* ID NIL\r\n", "id name=Dovecot os=\nid\n"},
    {"list", "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent \\\"x\\\\\"\r\n",
     "list \\HasNoChildren \\Sent [/] Sent \"x\\\n"},
    {"list_atom", "* LIST () NIL INBOX\r\n", "list [NIL] INBOX\n"},
    {"list_literal", "* LIST (\\Marked) \".\" {7}\r\na{3}\r\nb\r\n",
     "list \\Marked [.] a{3}\r\nb\n"},
    {"list_of_literals", "* LIST (\\Sent) {1}\r\n/ {5}\r\n[a] b\r\n", "list \\Sent [/] [a] b\n"},
    {"list_literal_empty", "* LIST () \".\" {0}\r\n\r\n", "list [.] \n"},
    {"list_literal_ends_with_return", "* LIST () \".\" {2}\r\na\r\n", "list [.] a\r\n"},
    {"list_extended", "* LIST () \"/\" \"a\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n", "list [/] a\n"},
    {"list_of_a_name_with_blanks", "* LIST () \"/\" Made here\r\n* LIST () NIL a (b) \r\n",
     "list [/] Made here\nlist [NIL] a (b)\n"},
    {"list_extended_of_an_atom", "* LIST () \"/\" a (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n",
     "list [/] a\n"},
    {"namespace",
     "* NAMESPACE ((\"INBOX.\" \".\" \"X\" (\"a\" \"b\"))(\"\" NIL)) NIL ((\"s\" \"/\"))\r\n"
     "* NAMESPACE NIL NIL NIL\r\n",
     "personal INBOX. .\npersonal  \0\n"s},
    {"expunge", "* 3 EXPUNGE\r\n", "expunged\n"},
    {"uidfetch", "* 25 UIDFETCH (FLAGS (\\Seen) BODY[] {2}\r\nhi)\r\n",
     "text [] 2 of 0 uid=25 (\\Seen)\nend hi\nfetched 0 uid=25 (\\Seen)\n"},
    {"lsub", "* LSUB () \"/\" a&AOQ-\r\n", "list [/] a&AOQ-\n"},
    {"status",
     "* STATUS \"a b\" (MESSAGES 3 UIDNEXT 7 UIDVALIDITY 9 HIGHESTMODSEQ 123456789012 X (1 2))\r\n",
     "status a b messages=3 uidnext=7 validity=9 modseq=123456789012\n"},
    {"status_of_a_name_with_blanks", "* STATUS Made (here) (MESSAGES NIL UIDNEXT 7)\r\n",
     "status Made (here) uidnext=7\n"},
    {"status_with_a_list_at_its_end",
     "* STATUS Made (here) (MESSAGES 1 MAILBOXID (F2212ea87-6097))\r\n",
     "status Made (here) messages=1 id=F2212ea87-6097\n"},
    {"status_of_a_literal", "* STATUS {7}\r\na (b) c (UIDNEXT 7 UNSEEN 2)\r\n",
     "status a (b) c uidnext=7\n"},
    {"fetch_of_object_ids",
     "* 3 FETCH (EMAILID (M6d99ac3275bb4e) THREADID NIL UID 7 EMAILID NIL FLAGS ())\r\n",
     "fetched 3 uid=7 ()\n"},
    {"status_with_trailing_blank", "* STATUS INBOX (MESSAGES 1 ) \r\n",
     "status INBOX messages=1\n"},
    {"exists", "* 12 EXISTS\r\n* 3 EXPUNGE\r\n* 0 RECENT\r\n", "exists 12\nexpunged\n"},
    {"flags", "* FLAGS (\\Seen \\Answered work)\r\n", "flags \\Seen \\Answered work\n"},
    {"search", "* SEARCH 2 3 4 9 (MODSEQ 917162500)\r\n* SEARCH\r\n* SEARCH \r\n",
     "search 2:4,9\nsearch \nsearch \n"},
    {"esearch", "* ESEARCH (TAG \"A1\") UID COUNT 3 ALL 4,6:7\r\n* ESEARCH (TAG \"A2\") UID\r\n",
     "esearch 4,6:7\nesearch \n"},
    {"esearch_of_a_tag_that_is_a_literal", "* ESEARCH (TAG {2}\r\nA1) UID ALL 4\r\n",
     "esearch 4\n"},
    {"vanished", "* VANISHED (EARLIER) 1:3,9\r\n* VANISHED 12\r\n",
     "vanished earlier 1:3,9\nvanished 12\n"},
    {"fetch_flags", "* 7 FETCH (UID 12 FLAGS (\\Seen $Forwarded b a a \\Recent) MODSEQ (77))\r\n",
     "fetched 7 uid=12 modseq=77 (\\Seen $Forwarded a b)\n"},
    {"fetch_extra_blanks", "*  7  FETCH  ( UID 12  FLAGS ( \\Seen ) )\r\n",
     "fetched 7 uid=12 (\\Seen)\n"},
    {"fetch_facts",
     "* 1 FETCH (UID 5 RFC822.SIZE 1234 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")\r\n",
     "fetched 1 uid=5 size=1234 at 837596665\n"},
    {"fetch_unknown_items",
     "* 1 FETCH (X-A \"q)\" ENVELOPE (NIL (\"a\" {3}\r\n)x( NIL)) UID 5 X-B NIL)\r\n",
     "fetched 1 uid=5\n"},
    {"fetch_labels", "* 1 FETCH (X-GM-LABELS (\\Inbox \"a b\" {3}\r\nc d) UID 5)\r\n",
     "fetched 1 uid=5 label=\\Inbox label=a b label=c d\n"},
    {"fetch_text", "* 1 FETCH (UID 5 FLAGS () BODY[] {11}\r\nhello)\r\n* ))\r\n* 2 EXISTS\r\n",
     "text [] 11 of 1 uid=5 ()\nend hello)\r\n* )\nfetched 1 uid=5 ()\nexists 2\n"},
    {"fetch_text_first", "* 1 FETCH (BODY[] {2}\r\nhi UID 5)\r\n",
     "text [] 2 of 1\nend hi\nfetched 1 uid=5\n"},
    {"fetch_text_empty", "* 1 FETCH (UID 5 BODY[] {0}\r\n)\r\n",
     "text [] 0 of 1 uid=5\nend \nfetched 1 uid=5\n"},
    {"fetch_text_quoted", "* 1 FETCH (UID 5 BODY[] \"a\\\"b\")\r\n",
     "text [] 3 of 1 uid=5\nend a\"b\nfetched 1 uid=5\n"},
    {"fetch_text_missing", "* 1 FETCH (UID 5 BODY[] NIL)\r\n", "no text []\nfetched 1 uid=5\n"},
    {"fetch_two_texts",
     "* 1 FETCH (UID 5 BODY[HEADER.FIELDS (FROM \"TO\")] {3}\r\na\r\n BODY[TEXT]<0> {1}\r\nb)\r\n",
     "text [HEADER.FIELDS (FROM \"TO\")] 3 of 1 uid=5\nend a\r\n\ntext [TEXT] 1 of 1 uid=5\nend b\n"
     "fetched 1 uid=5\n"},
    {"fetch_old_text", "* 1 FETCH (RFC822 {3}\r\nabc UID 1)\r\n",
     "text [] 3 of 1\nend abc\nfetched 1 uid=1\n"},
    {"fetch_binary", "* 1 FETCH (UID 5 BINARY[] ~{3}\r\n\0\xff\r)\r\n"s,
     "text [] 3 of 1 uid=5\nend \0\xff\r\nfetched 1 uid=5\n"s},
    {"fetch_label_then_text", "* 1 FETCH (UID 5 X-GM-LABELS ({3}\r\na]b) BODY[] {1}\r\nx)\r\n",
     "text [] 1 of 1 uid=5 label=a]b\nend x\nfetched 1 uid=5 label=a]b\n"},
    {"unknown", "* XYZZY (a {3}\r\nb)c \"d)\r\n* 5 FROB\r\n* GENURLAUTH \"x\"\r\nA1 OK x\r\n",
     "tagged A1 OK <|> x\n"},
    {"bare_line_feeds", "* 3 EXISTS\n\n* 1 FETCH (UID 5 BODY[] {2}\nhi)\nA1 OK x\n",
     "exists 3\ntext [] 2 of 1 uid=5\nend hi\nfetched 1 uid=5\ntagged A1 OK <|> x\n"},
    {"eight_bits", "* LIST () \"/\" \"caf\xc3\xa9\"\r\n* OK \xff\xfe\r\n",
     "list [/] caf\xc3\xa9\nuntagged OK <|> \xff\xfe\n"},
};

class ParserCase : public ::testing::TestWithParam<Case> { };

}  // namespace

TEST_P(ParserCase, reports_what_was_said)
{
    EXPECT_EQ(parse_in_pieces(GetParam().input, 0), GetParam().events);
}

TEST_P(ParserCase, reports_the_same_wherever_it_is_cut)
{
    const auto& input = GetParam().input;
    for (std::size_t cut = 1; cut < input.size(); ++cut)
        EXPECT_EQ(parse_in_pieces(input, cut), GetParam().events) << "cut at " << cut;
    EXPECT_EQ(parse_byte_by_byte(input), GetParam().events);
}

INSTANTIATE_TEST_SUITE_P(
    Parser, ParserCase, ::testing::ValuesIn(cases),
    [](const auto& param_info) { return param_info.param.name; });

TEST(Parser, says_whether_something_came_behind_an_answer)
{
    Recorder recorder;
    Parser parser(recorder);
    parser.feed(bytes_of("A1 OK done\r\n"));
    EXPECT_TRUE(parser.is_between_responses());
    EXPECT_EQ(parser.responses(), 1U);
    parser.feed(bytes_of("* O"));
    EXPECT_FALSE(parser.is_between_responses());
    parser.feed(bytes_of("K x\r\n"));
    EXPECT_TRUE(parser.is_between_responses());
    EXPECT_EQ(parser.responses(), 2U);
}

TEST(Parser, traces_lines_without_texts)
{
    Recorder recorder;
    Parser parser(recorder, Trace::on);
    parser.feed(bytes_of("* 1 FETCH (BODY[] {6}\r\nsecret)\r\nA1 OK x\r\n"));
    EXPECT_THAT(recorder.log, ::testing::HasSubstr("trace * 1 FETCH (BODY[] {6}\n"));
    EXPECT_THAT(recorder.log, ::testing::HasSubstr("trace A1 OK x\n"));
    EXPECT_THAT(recorder.log, ::testing::Not(::testing::HasSubstr("trace secret")));
}

}  // namespace offlineimap::imap::test
