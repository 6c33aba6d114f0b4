// SPDX-License-Identifier: Apache-2.0
#include "mailbox.hpp"
#include "repository_checks.hpp"

#include <string>

// Checks of append() and fetch().

namespace offlineimap::testkit {
namespace {

void require_same_text(Visit& visit, FolderIndex folder, const std::string& text)
{
    const FetchedText back = visit.fetch(folder, visit.append(folder, text));
    require(!back.failure, "a message that was stored must be there");
    require(back.text == text, "a text must come back as it was stored");
    require(
        back.message.size == 0 || back.message.size == text.size(),
        "Message::size must be the exact size");
}

void texts_come_back_as_they_were(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    for (const std::size_t size : {0U, 1U, 5'000U, 300'000U, 10'000'000U})
        require_same_text(visit, folder.index(), letter("size", size));
    require_same_text(
        visit, folder.index(),
        letter("8 bit") + "caf\xc3\xa9 \xff\xfe\x80 and a long line " + std::string(20'000, 'x')
            + "\r\n");
}

/// What RFC 5322 forbids, people have all the same: it comes back unchanged or is refused.
void strange_texts_are_kept_or_refused(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const std::string nul("Subject: nul\r\n\r\na\0b\r\n", 21);
    for (const std::string& text :
         {std::string(), std::string("x"), std::string("\r\n"), std::string("no line end: none"),
          std::string("Subject: header only\r\n"), std::string("Subject: cr\r\n\r\na\rb\r\n"),
          nul}) {
        const Outcome stored = visit.try_append(folder.index(), text);
        if (stored.failure) {
            require(
                stored.failure->scope() == Scope::message,
                std::string("a text that is refused must cost no more than itself: ")
                    + stored.failure->what());
            continue;
        }
        if (!stored.id.empty())
            require(
                visit.fetch(folder.index(), stored.id).text == text,
                "a strange text must come back as it was stored, or be refused");
    }
}

void pieces_of_any_size_make_the_same_text(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const std::string text = letter("pieces", 300);
    StoreCollector sink(3);
    const auto appender = visit.session().append(sink);
    for (std::size_t i = 0; i < 3; ++i) {
        Message message;
        message.id = visit.next_id();
        store(*appender, i, folder.index(), message, text, i * 6 + 1);
    }
    appender->finish();
    for (const Outcome& outcome : sink.outcomes)
        require_good(outcome, "append in small pieces");
    const auto ids = visit.ids(folder.index());
    require(ids.size() == 3, "every message of a batch must be stored once");
    for (const MessageId& id : ids)
        require(visit.fetch(folder.index(), id).text == text, "pieces must make the whole text");
}

void a_batch_is_fetched_each_once(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder one(visit);
    const OwnFolder two(visit);
    std::vector<MessageRef> refs;
    std::vector<std::string> texts;
    for (int i = 0; i < 10; ++i) {
        const FolderIndex folder = i % 2 == 0 ? one.index() : two.index();
        texts.push_back(letter("message " + std::to_string(i), 500 * static_cast<std::size_t>(i)));
        refs.push_back({folder, visit.append(folder, texts.back())});
    }
    const auto found = visit.fetch(refs);
    for (std::size_t i = 0; i < refs.size(); ++i)
        require(found[i].text == texts[i], "each index must bring its own text");
}

void headers_and_facts_come_alone(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const std::string text = letter("header", 10'000);
    const MessageId id = visit.append(folder.index(), text);
    const FetchedText header = visit.fetch(folder.index(), id, Part::header);
    require(
        header.text == text.substr(0, text.find("\r\n\r\n") + 4),
        "Part::header must bring the header with its blank line");
    const FetchedText facts = visit.fetch(folder.index(), id, Part::facts);
    require(facts.text.empty(), "Part::facts must bring no text");
    require(facts.message.size == text.size(), "Part::facts must bring the size");
}

void a_text_may_be_refused_in_the_middle(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const std::string small = letter("small");
    const MessageRef large {folder.index(), visit.append(folder.index(), letter("l", 2'000'000))};
    const MessageRef next {folder.index(), visit.append(folder.index(), small)};
    TextCollector sink(2, 10);
    visit.session().fetch(std::vector {large, next}, Part::whole, sink);
    sink.close();
    require_none(sink.faults);
    require(
        visit.fetch({next}).front().text == small,
        "the session must be usable after a text was refused");
}

void a_message_that_is_gone_is_not_found(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const MessageId gone = visit.append(folder.index(), letter("gone"));
    const MessageId there = visit.append(folder.index(), letter("there"));
    require_good(visit.remove({folder.index(), gone}), "remove");
    const auto found = visit.fetch({{folder.index(), gone}, {folder.index(), there}});
    require_failure(found[0].failure, Errc::not_found, "fetch() of a message that is gone");
    require(!found[1].failure, "a message that is gone must not hide others");
}

void abandoned_messages_leave_nothing(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    StoreCollector sink(2);
    const std::string text = letter("abandoned", 1'000'000);
    try {
        const auto appender = visit.session().append(sink);
        appender->begin(
            0, folder.index(), {visit.next_id(), {}, {}, {}, 0, {}, {}, {}}, text.size());
        appender->write(bytes_of(std::string_view(text).substr(0, text.size() / 2)));
        appender->abandon();
        appender->finish();
    } catch (const Error& error) {
        require(
            error.scope() == Scope::session,
            std::string("abandon() may cost the session, nothing else: ") + error.what());
    }
    Visit after(bench);
    for (const FolderInfo& info : after.session().folders())
        if (info.path == folder.path())
            require(after.ids(info.index).empty(), "an abandoned message must leave nothing");
}

void an_appender_without_finish_leaves_nothing_half_written(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const std::string text = letter("not finished", 1000);
    {
        StoreCollector sink(1);
        const auto appender = visit.session().append(sink);
        Message message;
        message.id = visit.next_id();
        store(*appender, 0, folder.index(), message, text);
    }
    Visit after(bench);
    for (const FolderInfo& info : after.session().folders())
        if (info.path == folder.path())
            for (const MessageId& id : after.ids(info.index))
                require(
                    after.fetch(info.index, id).text == text,
                    "nothing half-written must ever be visible");
}

void an_appender_may_be_used_again(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    StoreCollector sink(6);
    const auto appender = visit.session().append(sink);
    for (std::size_t i = 0; i < 6; ++i) {
        Message message;
        message.id = visit.next_id();
        store(*appender, i, folder.index(), message, letter("again"));
        if (i % 2 == 1) appender->finish();
    }
    for (const Outcome& outcome : sink.outcomes)
        require_good(outcome, "append");
}

void the_date_received_is_kept(RepositoryBench& bench)
{
    Visit visit(bench);
    if (!visit.can(Capability::received_date)) return;
    const OwnFolder folder(visit);
    Message message;
    message.received = std::chrono::sys_days {std::chrono::year {2001} / 2 / 3}
        + std::chrono::hours(4) + std::chrono::seconds(5);
    const MessageId id = visit.append(folder.index(), letter("date"), message);
    require(
        visit.fetch(folder.index(), id).message.received == message.received,
        "the date a message was received must be kept");
}

struct ThrowingSink final : FetchSink {
    void begin(std::size_t, const Message&, std::uint64_t) override { }
    bool data(Bytes) override
    {
        throw Error(Errc::cancelled, Scope::message, Retry::never, "enough");
    }
    void end() override { }
    void failed(std::size_t, const Error&) override { }
};

void a_sink_may_throw(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const std::string text = letter("sink", 500'000);
    const MessageRef ref {folder.index(), visit.append(folder.index(), text)};
    ThrowingSink sink;
    require_error(Errc::cancelled, "fetch() into a sink that throws", [&] {
        visit.session().fetch({&ref, 1}, Part::whole, sink);
    });
    Visit after(bench);
    (void)after.session().folders();
}

constexpr RepositoryCheck checks[] = {
    {"texts_come_back_as_they_were", Harm::writes, texts_come_back_as_they_were},
    {"strange_texts_are_kept_or_refused", Harm::writes, strange_texts_are_kept_or_refused},
    {"pieces_of_any_size_make_the_same_text", Harm::writes, pieces_of_any_size_make_the_same_text},
    {"a_batch_is_fetched_each_once", Harm::writes, a_batch_is_fetched_each_once},
    {"headers_and_facts_come_alone", Harm::writes, headers_and_facts_come_alone},
    {"a_text_may_be_refused_in_the_middle", Harm::writes, a_text_may_be_refused_in_the_middle},
    {"a_message_that_is_gone_is_not_found", Harm::writes, a_message_that_is_gone_is_not_found},
    {"abandoned_messages_leave_nothing", Harm::writes, abandoned_messages_leave_nothing},
    {"an_appender_without_finish_leaves_nothing_half_written", Harm::writes,
     an_appender_without_finish_leaves_nothing_half_written},
    {"an_appender_may_be_used_again", Harm::writes, an_appender_may_be_used_again},
    {"the_date_received_is_kept", Harm::writes, the_date_received_is_kept},
    {"a_sink_may_throw", Harm::writes, a_sink_may_throw},
};

}  // namespace

std::span<const RepositoryCheck> text_checks()
{
    return checks;
}

}  // namespace offlineimap::testkit
