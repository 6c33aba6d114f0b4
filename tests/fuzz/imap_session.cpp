// SPDX-License-Identifier: Apache-2.0
#include "../unit/repo-imap/session_kit.hpp"

#include "net/stream.hpp"
#include "protocol/text.hpp"
#include "session/login.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

// A whole conversation: signing in, then what a run does, with a server that answers as the input
// says. Nothing but an Error may come out of it, and no sink may be told what cannot be.

namespace {

using namespace offlineimap;
using namespace offlineimap::imap;
using namespace offlineimap::imap::test;

void require(bool holds)
{
    if (!holds) std::abort();
}

/// Parts of the input, each ended by \1. The first is the greeting; the others answer one line
/// each, whatever it says, with \2 for its tag.
class Script {
public:
    explicit Script(std::string_view text) : rest_(text) { }
    bool has_more() const noexcept { return !rest_.empty(); }
    std::string next(std::string_view tag)
    {
        const auto end = rest_.find('\1');
        std::string part;
        for (const char c : rest_.substr(0, end))
            if (c == '\2')
                part += tag;
            else
                part += c;
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        return part;
    }

private:
    std::string_view rest_;
};

class ScriptedLine final : public Stream {
public:
    ScriptedLine(Script script, std::size_t piece)
        : script_(script), piece_(piece), pending_(script_.next(""))
    {
    }
    Progress exchange(Bytes out, std::span<std::byte> in, Deadline) override
    {
        said_.append(reinterpret_cast<const char*>(out.data()), out.size());
        for (auto end = said_.find('\n'); end != std::string::npos; end = said_.find('\n')) {
            pending_ += script_.next(std::string_view(said_).substr(0, said_.find(' ')));
            said_.erase(0, end + 1);
        }
        const auto count = std::min({in.size(), pending_.size(), piece_});
        if (count == 0 && out.empty()) throw Error(Errc::network, "closed by the peer");
        std::copy_n(pending_.begin(), count, reinterpret_cast<char*>(in.data()));
        pending_.erase(0, count);
        return {out.size(), count};
    }
    bool loopback() const noexcept override { return true; }

private:
    Script script_;
    std::size_t piece_;
    std::string pending_, said_;
};

/// Requested after having been looked at for a while.
class Sometime final : public Cancel {
public:
    bool requested() const noexcept override { return ++looks_ > 50; }
    int fd() const noexcept override { return -1; }

private:
    mutable int looks_ = 0;
};

class Touched final : public WatchSink {
public:
    void touched(const FolderPath&) override { }
};

/// What came as texts is as long as was said.
void check(const SeenTexts& seen, std::size_t asked)
{
    for (const auto& [index, text] : seen.texts) {
        require(index < asked);
        if (text.ended) require(text.text.size() == text.size);
    }
    for (const auto& [index, why] : seen.failures)
        require(index < asked && !(seen.texts.contains(index) && seen.texts.at(index).ended));
}

class Conversation {
public:
    Conversation(std::uint8_t settings, std::string_view script)
    {
        host_.debug = (settings & 2) != 0;
        preferences_.name_style = (settings & 8) != 0 ? NameStyle::utf8 : NameStyle::wire;
        preferences_.labels = (settings & 16) != 0 ? Labels::synchronise : Labels::ignore;
        preferences_.prefix = (settings & 32) != 0 ? Prefix::leave_away : Prefix::keep;
        preferences_.say_something = preferences_.poll_interval = std::chrono::milliseconds(0);
        Account account;
        account.endpoint.host = "server";
        account.endpoint.security = Security::none;
        account.user = "joe";
        const std::size_t piece = (settings & 4) != 0 ? 7 : 1 << 16;
        session_ = std::make_unique<ImapSession>(
            sign_in(std::make_unique<ScriptedLine>(Script(script), piece), account, host_), table_,
            preferences_);
        for (const auto* name : {"INBOX", "b"})
            table_.set_epoch(table_.add(name, {name}), "9");
    }
    ~Conversation()
    {
        session_.reset();
        for (const auto& line : host_.log_lines)
            require(std::none_of(
                line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
    }
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    void act(std::uint8_t what)
    {
        switch (what % 12) {
        case 0:
            (void)session_->folders();
            break;
        case 1:
            return changes({});
        case 2:
            return changes("9:5:3:4");
        case 3:
            return fetch(Part::whole);
        case 4:
            return fetch(what < 128 ? Part::facts : Part::header);
        case 5:
            return append();
        case 6:
            return update();
        case 7:
            return remove();
        case 8:
            return move();
        case 9:
            (void)session_->create_folder({"new"});
            break;
        case 10:
            (void)session_->describe();
            break;
        case 11: {
            Touched sink;
            session_->watch({}, sink, stop_);
            break;
        }
        }
    }

private:
    void changes(const std::string& token)
    {
        Window window;
        if (token.empty()) window.smaller_than = 1000;
        const ChangeRequest requests[] = {{0, "9", token, window}, {1, "9", token, {}}};
        SeenChanges seen;
        session_->changes(requests, seen);
        for (const auto& [index, folder] : seen.folders)
            require(index < 2 && (folder.token || folder.failure));
    }
    void fetch(Part part)
    {
        const MessageRef messages[] = {{0, {"5"}}, {0, {"7"}}, {0, {"x"}}, {1, {"5"}}};
        SeenTexts seen;
        session_->fetch(messages, part, seen);
        check(seen, 4);
        require(seen.texts.size() + seen.failures.size() >= 4);
    }
    void append()
    {
        SeenStores seen;
        const auto appender = session_->append(seen);
        const std::string texts[] = {"a", "", std::string(10, '\0'), std::string(300'000, 'x')};
        for (std::size_t i = 0; i < std::size(texts); ++i)
            try {
                appender->begin(i, i % 2, {}, texts[i].size());
                appender->write(std::as_bytes(std::span(texts[i])));
                appender->end();
            } catch (const Error& error) {
                if (error.scope() > Scope::message) throw;
                seen.failures.emplace(i, error);
            }
        appender->finish();
        require(seen.ids.size() + seen.failures.size() == std::size(texts));
    }
    void update()
    {
        const Update updates[] = {
            {{0, {"5"}}, {Flag::seen}, {}, {"work"}, {}, {}, {}},
            {{0, {"7"}}, {}, {Flag::seen}, {}, {}, {"l"}, {}},
            {{1, {"5"}}, {Flag::seen}, {}, {}, {}, {}, {}}};
        SeenResults seen;
        session_->update(updates, seen);
        require(seen.succeeded.size() + seen.failures.size() == 3);
    }
    void remove()
    {
        const MessageRef messages[] = {{0, {"5"}}, {0, {"7"}}, {1, {"5"}}};
        SeenResults seen;
        session_->remove(messages, seen);
        require(seen.succeeded.size() + seen.failures.size() == 3);
    }
    void move()
    {
        const Move moves[] = {{{0, {"5"}}, 1, {}}, {{0, {"7"}}, 1, {}}};
        SeenStores seen;
        session_->move(moves, seen);
        require(seen.ids.size() + seen.failures.size() == 2);
    }

    KitHost host_;
    FolderTable table_;
    Preferences preferences_;
    Sometime stop_;
    std::unique_ptr<ImapSession> session_;
};

}  // namespace

/// One byte for the settings, four for what is done, then the script.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t head = 5;
    if (size < head) return 0;
    try {
        Conversation conversation(
            data[0], {reinterpret_cast<const char*>(data) + head, size - head});
        for (std::size_t i = 1; i < head; ++i)
            try {
                conversation.act(data[i]);
            } catch (const Error& error) {
                if (error.scope() >= Scope::session) throw;
            }
    } catch (const Error& error) {
        require(error.code() != Errc::internal);
    }
    return 0;
}
