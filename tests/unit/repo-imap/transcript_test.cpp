// SPDX-License-Identifier: Apache-2.0
#include "session/login.hpp"
#include "session_kit.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

// What `-d imap` printed, played again: tests/data/imap/CASE/in is any log with such lines in it,
// out is what the session made of it. Texts of literals are not in a log: x stands for each byte.

namespace offlineimap::imap::test {

namespace {

struct Line {
    bool from_client = false;
    std::string text;
};

std::deque<Line> read_log(const std::filesystem::path& path)
{
    static const std::regex pattern("imap: [0-9.]+ ([CS]): (.*)");
    std::deque<Line> lines;
    std::ifstream in(path);
    std::smatch found;
    for (std::string line; std::getline(in, line);)
        if (std::regex_search(line, found, pattern)) lines.push_back({found[1] == "C", found[2]});
    return lines;
}

/// Says what the server said once the client has said what it said before that.
class Replay final : public Stream {
public:
    explicit Replay(std::deque<Line> lines) : lines_(std::move(lines)) { }

    Progress exchange(Bytes out, std::span<std::byte> in, Deadline) override
    {
        heard_.append(reinterpret_cast<const char*>(out.data()), out.size());
        match_client();
        speak();
        Progress progress {out.size(), std::min(in.size(), said_.size())};
        if (progress.read > 0) std::memcpy(in.data(), said_.data(), progress.read);
        said_.erase(0, progress.read);
        if (progress.written + progress.read == 0)
            throw Error(Errc::timeout, "the transcript ends here, or waits for another command");
        return progress;
    }

private:
    /// Of a command that holds a secret a log has the name alone.
    static bool is_said_by(const std::string& logged, const std::string& line)
    {
        const bool holds_secret = logged.ends_with(" LOGIN") || logged.ends_with(" AUTHENTICATE");
        return holds_secret ? line.starts_with(logged + ' ') : line == logged;
    }

    void match_client()
    {
        for (auto end = heard_.find("\r\n"); end != std::string::npos; end = heard_.find("\r\n")) {
            const auto line = heard_.substr(0, end);
            heard_.erase(0, end + 2);
            const auto next = std::find_if(
                lines_.begin(), lines_.end(), [](const Line& l) { return l.from_client; });
            if (line.ends_with(" LOGOUT") && next == lines_.end()) continue;
            if (next == lines_.end() || !is_said_by(next->text, line))
                throw std::runtime_error("the client says otherwise: " + line);
            next->from_client = false;
            next->text.clear();  // said and done
        }
    }

    void speak()
    {
        for (; !lines_.empty() && !lines_.front().from_client; lines_.pop_front()) {
            const auto& text = lines_.front().text;
            if (text.empty()) continue;
            said_ += text + "\r\n";
            const auto mark = literal_mark(text);
            if (mark && text.starts_with("* ")) said_.append(mark->size, 'x');
        }
    }

    std::deque<Line> lines_;
    std::string heard_, said_;
};

/// Lists, asks for all changes, and reads every message of each folder.
std::string story(std::unique_ptr<Stream> stream)
{
    KitHost host;
    FolderTable table;
    Preferences preferences;
    Account account;
    account.endpoint.host = "server";
    account.endpoint.security = Security::none;
    account.user = "joe";
    account.mechanisms = {"PLAIN", "LOGIN"};
    ImapSession session(sign_in(std::move(stream), account, host), table, preferences);
    std::ostringstream out;
    std::vector<ChangeRequest> requests;
    std::vector<std::string> names;
    auto folders = session.folders();
    // As the program goes through them.
    std::sort(folders.begin(), folders.end(), [](const FolderInfo& a, const FolderInfo& b) {
        const bool first = a.uses.has(FolderUse::inbox), second = b.uses.has(FolderUse::inbox);
        return first != second ? first : a.path < b.path;
    });
    for (const auto& folder : folders) {
        out << folder.name << " separator " << folder.separator << " epoch " << folder.epoch
            << " token " << folder.quick_token << '\n';
        if (folder.uses.has(FolderUse::not_selectable)) continue;
        requests.push_back({folder.index, {}, {}, {}});
        names.push_back(folder.name);
    }
    SeenChanges changes;
    session.changes(requests, changes);
    std::vector<MessageRef> messages;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const auto& seen = changes.folders[requests[i].folder];
        out << names[i] << " next " << seen.state.next_id << " token " << seen.token.value_or("-")
            << (seen.failure ? seen.failure->what() : "") << '\n';
        for (const auto& [id, shown] : seen.changed) {
            out << "  " << shown << '\n';
            messages.push_back({requests[i].folder, id});
        }
    }
    SeenTexts texts;
    session.fetch(messages, Part::whole, texts);
    for (const auto& [index, text] : texts.texts)
        out << messages[index].id.value << " has " << text.text.size() << " bytes, of "
            << (text.message.received ? text.message.received->time_since_epoch().count() : 0)
            << '\n';
    return out.str();
}

std::vector<std::string> cases()
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(TRANSCRIPTS))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

class Transcript : public ::testing::TestWithParam<std::string> { };

TEST_P(Transcript, is_read_as_it_was)
{
    const auto folder = std::filesystem::path(TRANSCRIPTS) / GetParam();
    std::ostringstream expected;
    expected << std::ifstream(folder / "out").rdbuf();
    EXPECT_EQ(story(std::make_unique<Replay>(read_log(folder / "in"))), expected.str());
}

INSTANTIATE_TEST_SUITE_P(Imap, Transcript, ::testing::ValuesIn(cases()), [](const auto& one) {
    return one.param;
});

}  // namespace offlineimap::imap::test
