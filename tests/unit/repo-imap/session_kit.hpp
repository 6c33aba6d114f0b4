// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/session.hpp"

#include <offlineimap/repository.hpp>

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

// What tests of a session need: a host, and sinks that remember.

namespace offlineimap::imap::test {

class KitSettings final : public Settings {
public:
    std::map<std::string, std::string, std::less<>> values;

    std::string text(std::string_view name) const override { return value(name); }
    std::int64_t number(std::string_view name) const override
    {
        return value(name).empty() ? 0 : std::stoll(value(name));
    }
    bool flag(std::string_view name) const override { return value(name) == "yes"; }
    std::vector<std::string> list(std::string_view name) const override
    {
        if (value(name).empty()) return {};
        return {value(name)};
    }
    bool has(std::string_view name) const noexcept override
    {
        const auto at = values.find(name);
        return at != values.end() && !at->second.empty();
    }
    std::string where(std::string_view) const override { return "test:1"; }

private:
    [[nodiscard]] std::string value(std::string_view name) const
    {
        const auto at = values.find(name);
        if (at == values.end()) throw std::logic_error("unknown option " + std::string(name));
        return at->second;
    }
};

class KitHost final : public Host {
public:
    KitSettings values;
    std::vector<std::string> passwords {"pw"};  ///< the last is for ever
    std::vector<std::string> log_lines;
    bool debug = false;

    const Settings& settings() const noexcept override { return values; }
    bool logs(Level level) const noexcept override { return debug || level != Level::debug; }
    void log(Level, std::string_view text) noexcept override { log_lines.emplace_back(text); }
    std::string secret(std::string_view, std::string_view, bool fresh) override
    {
        if (fresh && passwords.size() == 1) throw Error(Errc::auth, "nobody there to ask");
        if (fresh) passwords.erase(passwords.begin());
        return passwords.front();
    }
    bool confirm(std::string_view, bool otherwise) override { return otherwise; }
    std::filesystem::path state_dir() const override { return "/nonexistent"; }
    [[nodiscard]] std::string whole_log() const
    {
        std::string all;
        for (const auto& line : log_lines)
            all += line + '\n';
        return all;
    }
};

/// "3:\Seen work" for a message.
inline std::string show(const Message& message)
{
    return message.id.value + ':' + flag_text(message.flags, message.keywords);
}

/// What changes() reported of one folder.
struct SeenFolder {
    FolderState state;
    Coverage coverage = Coverage::snapshot;
    std::map<MessageId, std::string> changed;
    std::set<MessageId> vanished, present;
    std::optional<std::string> token;
    std::optional<Error> failure;
    int begins = 0;
};

class SeenChanges final : public ChangeSink {
public:
    std::map<FolderIndex, SeenFolder> folders;

    void begin(FolderIndex folder, const FolderState& state, Coverage coverage) override
    {
        if (current_) throw std::logic_error("begin within a folder");
        current_ = &folders[folder];
        current_->state = state;
        current_->coverage = coverage;
        ++current_->begins;
    }
    void changed(const Message& message) override { at().changed[message.id] = show(message); }
    void vanished(const MessageId& id) override { at().vanished.insert(id); }
    void present(const MessageId& id) override { at().present.insert(id); }
    void end(FolderIndex folder, std::string token) override
    {
        if (current_ != &folders[folder]) throw std::logic_error("end of another folder");
        folders[folder].token = std::move(token);
        current_ = nullptr;
    }
    void failed(FolderIndex folder, const Error& why) override
    {
        folders[folder].failure = why;
        if (current_ == &folders[folder]) current_ = nullptr;
    }

private:
    [[nodiscard]] SeenFolder& at() const
    {
        if (!current_) throw std::logic_error("report outside of a folder");
        return *current_;
    }
    SeenFolder* current_ = nullptr;
};

struct SeenText {
    Message message;
    std::uint64_t size = 0;
    std::string text;
    bool ended = false;
};

class SeenTexts final : public FetchSink {
public:
    std::map<std::size_t, SeenText> texts;
    std::map<std::size_t, Error> failures;
    std::vector<std::size_t> order;
    std::optional<std::size_t> enough;  ///< bytes of each text that are wanted

    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        if (current_ || texts.contains(index)) throw std::logic_error("begin twice");
        order.push_back(index);
        texts[index].message = message;
        texts[index].size = size;
        current_ = &texts[index];
    }
    bool data(Bytes chunk) override
    {
        current_->text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
        return !enough || current_->text.size() < *enough;
    }
    void end() override
    {
        current_->ended = true;
        current_ = nullptr;
    }
    void failed(std::size_t index, const Error& why) override
    {
        if (current_) throw std::logic_error("failed within a text");
        failures.emplace(index, why);
    }

private:
    SeenText* current_ = nullptr;
};

class SeenResults final : public ResultSink {
public:
    std::set<std::size_t> succeeded;
    std::map<std::size_t, Error> failures;
    void done(std::size_t index) override
    {
        if (!succeeded.insert(index).second) throw std::logic_error("done twice");
    }
    void failed(std::size_t index, const Error& why) override { failures.emplace(index, why); }
};

class SeenStores final : public StoreSink {
public:
    std::map<std::size_t, std::string> ids;
    std::map<std::size_t, Error> failures;
    void stored(std::size_t index, const MessageId& id) override
    {
        if (!ids.emplace(index, id.value).second) throw std::logic_error("stored twice");
    }
    void failed(std::size_t index, const Error& why) override { failures.emplace(index, why); }
};

}  // namespace offlineimap::imap::test
