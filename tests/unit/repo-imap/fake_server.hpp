// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/stream.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <poll.h>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap::test {

/// A server in memory. It knows some commands by heart; a command that nobody taught it gets BAD.
/// What it heard and how often the client waited for it outlives the stream.
class FakeServer {
public:
    /// `%T` in a reply is the tag. Several replies to one command are given one after the other,
    /// the last one for ever.
    FakeServer& on(const std::string& command, const std::string& reply)
    {
        replies_[command].push_back(reply);
        return *this;
    }
    /// What follows the next line that is no command: the answer to a challenge, a literal.
    FakeServer& on_line(const std::string& line, const std::string& reply)
    {
        lines_.emplace_back(line, reply);
        return *this;
    }
    FakeServer& says(const std::string& text)
    {
        pending_ += text;
        return *this;
    }
    FakeServer& closes_after(const std::string& command)
    {
        last_command_ = command;
        return *this;
    }

    std::vector<std::string> heard;  ///< without tags
    unsigned turns = 0;
    unsigned waits = 0;            ///< in which nothing came
    std::size_t piece = 1U << 20;  ///< at most so many bytes at once
    bool reads_literals = false;   ///< a command is heard with its literals, line ends and all
    bool takes_its_time = false;   ///< an answer is there at the next wait, and may wait for long
    bool encrypted = false, loopback = false;

    [[nodiscard]] std::unique_ptr<Stream> stream() { return std::make_unique<Line>(*this); }
    [[nodiscard]] bool has_heard(std::string_view text) const
    {
        return std::any_of(heard.begin(), heard.end(), [text](const std::string& line) {
            return line.find(text) != std::string::npos;
        });
    }

private:
    class Line final : public Stream {
    public:
        explicit Line(FakeServer& server) : server_(server) { }
        Progress exchange(Bytes out, std::span<std::byte> in, Deadline) override
        {
            return server_.exchange(out, in, wake_);
        }
        void wake_on(int descriptor) noexcept override { wake_ = descriptor; }
        [[nodiscard]] bool encrypted() const noexcept override { return server_.encrypted; }
        [[nodiscard]] bool loopback() const noexcept override { return server_.loopback; }

    private:
        FakeServer& server_;
        int wake_ = -1;
    };

    static bool is_readable(int descriptor)
    {
        pollfd fd {descriptor, POLLIN, 0};
        return descriptor >= 0 && ::poll(&fd, 1, 0) > 0;
    }

    Stream::Progress exchange(Bytes out, std::span<std::byte> in, int wake)
    {
        Stream::Progress progress;
        if (!out.empty()) {
            if (spoke_ && pending_.empty()) {
                ++turns;
                spoke_ = false;
            }
            progress.written = out.size();
            input_.append(reinterpret_cast<const char*>(out.data()), out.size());
            read_input();
            if (takes_its_time) return progress;
        }
        if (takes_its_time && is_readable(wake)) throw Error(Errc::timeout, "fake server: woken");
        progress.read = std::min({in.size(), pending_.size(), piece});
        if (progress.read > 0) {
            std::memcpy(in.data(), pending_.data(), progress.read);
            pending_.erase(0, progress.read);
            spoke_ = true;
        } else if (closed_) {
            throw Error(Errc::network, "fake server: closed by the peer");
        } else if (progress.written == 0) {
            ++waits;
            throw Error(Errc::timeout, "fake server: nothing more to say");
        }
        return progress;
    }

    /// The end of the command that input_ begins with; asks for a literal that it waits for.
    [[nodiscard]] std::size_t end_of_command()
    {
        std::size_t line = 0;
        while (true) {
            const auto end = input_.find("\r\n", line);
            if (end == std::string::npos || end == 0 || input_[end - 1] != '}') return end;
            const auto open = input_.rfind('{', end);
            const auto size = std::stoul(input_.substr(open + 1));
            if (input_[end - 2] != '+' && end >= invited_) {
                pending_ += "+ go on\r\n";
                invited_ = end + 1;
            }
            line = end + 2 + size;
            if (input_.size() < line) return std::string::npos;
        }
    }

    void read_commands()
    {
        for (auto end = end_of_command(); end != std::string::npos; end = end_of_command()) {
            const auto command = input_.substr(0, end);
            input_.erase(0, end + 2);
            invited_ = 0;
            read_line(command);
        }
    }

    void read_input()
    {
        if (reads_literals) {
            read_commands();
            return;
        }
        while (true) {
            const auto end = input_.find("\r\n");
            if (end == std::string::npos) return;
            const auto line = input_.substr(0, end);
            input_.erase(0, end + 2);
            read_line(line);
        }
    }

    void read_line(const std::string& line)
    {
        if (!lines_.empty() && lines_.front().first == line) {
            pending_ += with_tag(lines_.front().second);
            lines_.pop_front();
            heard.push_back(line);
            return;
        }
        tag_ = line.substr(0, line.find(' '));
        const auto command = line.substr(std::min(line.size(), tag_.size() + 1));
        heard.push_back(command);
        auto known = replies_.find(command);
        if (known == replies_.end()) {
            pending_ += tag_ + " BAD what is \"" + command + "\"\r\n";
            return;
        }
        pending_ += with_tag(known->second.front());
        if (known->second.size() > 1) known->second.pop_front();
        closed_ = closed_ || command == last_command_;
    }

    [[nodiscard]] std::string with_tag(std::string text) const
    {
        for (auto at = text.find("%T"); at != std::string::npos; at = text.find("%T"))
            text.replace(at, 2, tag_);
        return text;
    }

    std::map<std::string, std::deque<std::string>> replies_;
    std::deque<std::pair<std::string, std::string>> lines_;
    std::string pending_, input_, tag_, last_command_ = "LOGOUT";
    std::size_t invited_ = 0;  ///< literals before this place in input_ have had their "+"
    bool spoke_ = false, closed_ = false;
};

}  // namespace offlineimap::imap::test
