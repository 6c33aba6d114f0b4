// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/connect.hpp"

#include <map>
#include <string>
#include <vector>

namespace offlineimap::imap::test {

/// A cancel that can be pulled, from any thread.
class FakeCancel final : public Cancel {
public:
    FakeCancel();
    FakeCancel(const FakeCancel&) = delete;
    FakeCancel& operator=(const FakeCancel&) = delete;
    ~FakeCancel();
    void pull() const;
    [[nodiscard]] bool requested() const noexcept override;
    [[nodiscard]] int fd() const noexcept override { return pipe_[0]; }

private:
    int pipe_[2] = {-1, -1};
};

/// Settings out of a table of words; what is not in it is not set.
class FakeSettings final : public Settings {
public:
    explicit FakeSettings(std::map<std::string, std::string, std::less<>> values);

    void set(const std::string& name, std::string value) { values_[name] = std::move(value); }
    [[nodiscard]] std::string text(std::string_view name) const override;
    [[nodiscard]] std::int64_t number(std::string_view name) const override;
    [[nodiscard]] bool flag(std::string_view name) const override;
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const override;
    [[nodiscard]] bool has(std::string_view name) const noexcept override;
    [[nodiscard]] std::string where(std::string_view name) const override;

private:
    std::map<std::string, std::string, std::less<>> values_;
};

/// Answers a question for a secret with the setting of that name, else with "pencil".
class FakeHost final : public Host {
public:
    FakeHost() = default;
    explicit FakeHost(std::map<std::string, std::string, std::less<>> settings)
        : settings_(std::move(settings))
    {
    }
    [[nodiscard]] const Settings& settings() const noexcept override { return settings_; }
    [[nodiscard]] bool logs(Level) const noexcept override { return true; }
    void log(Level, std::string_view text) noexcept override { lines.emplace_back(text); }
    std::string secret(std::string_view option, std::string_view, bool) override
    {
        asked.emplace_back(option);
        return settings_.has(option) ? settings_.text(option) : "pencil";
    }
    bool confirm(std::string_view, bool otherwise) override { return otherwise; }
    [[nodiscard]] std::filesystem::path state_dir() const override { return folder; }
    void withhold(std::string_view secret) noexcept override { withheld.emplace_back(secret); }
    void set(const std::string& name, std::string value) { settings_.set(name, std::move(value)); }

    std::vector<std::string> lines, asked, withheld;
    std::filesystem::path folder = "/nonexistent";

private:
    FakeSettings settings_ {{}};
};

/// A stream that says of itself what the test wants.
class FakeStream final : public Stream {
public:
    Progress exchange(Bytes, std::span<std::byte>, Deadline) override { return {}; }
    [[nodiscard]] bool encrypted() const noexcept override { return is_encrypted; }
    [[nodiscard]] std::string channel_binding(std::string_view type) const override
    {
        return type == binding_type ? binding : std::string();
    }

    bool is_encrypted = false;
    std::string binding_type, binding;
};

[[nodiscard]] Bytes bytes_of(std::string_view text);
[[nodiscard]] Deadline soon();
/// Reads until `size` bytes are there.
[[nodiscard]] std::string read_exactly(Stream& stream, std::size_t size);
/// Reads until the stream throws, which it must; the error.
[[nodiscard]] Error read_error(Stream& stream);
void write_all(Stream& stream, std::string_view text);
/// The error that `action` throws; fails the test when it throws none.
template <class Action> Error error_of(Action action)
{
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    return {Errc::internal, "nothing was thrown"};
}

}  // namespace offlineimap::imap::test
