// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <offlineimap/plugin.hpp>

namespace offlineimap::testkit {

/// Settings as the core hands them to a component: what is not given has its default, and what is
/// not declared is a bug. Numbers, sizes and seconds are plain decimal numbers here.
class TestSettings final : public Settings {
public:
    using Values = std::map<std::string, std::string, std::less<>>;

    /// `component` is constant data of a plugin.
    TestSettings(const Component& component, Values values);

    std::string text(std::string_view name) const override;
    std::int64_t number(std::string_view name) const override;
    bool flag(std::string_view name) const override;
    std::vector<std::string> list(std::string_view name) const override;
    bool has(std::string_view name) const noexcept override;
    std::string where(std::string_view name) const override;

private:
    [[nodiscard]] const Option* find(std::string_view name) const noexcept;
    [[nodiscard]] std::string value(std::string_view name) const;

    const Component& component_;
    Values values_;
};

/// A core for one component: remembers what was logged, knows no secret but those in the settings.
class TestHost final : public Host {
public:
    TestHost(
        const Component& component, std::filesystem::path state_dir,
        TestSettings::Values values = {});

    const Settings& settings() const noexcept override { return settings_; }
    bool logs(Level level) const noexcept override { return level >= lowest_; }
    void log(Level level, std::string_view text) noexcept override;
    std::string secret(std::string_view option, std::string_view reason, bool fresh) override;
    bool confirm(std::string_view question, bool otherwise) override;
    std::filesystem::path state_dir() const override { return state_dir_; }

    /// What logs() says yes to; before, everything.
    void set_lowest(Level level) noexcept { lowest_ = level; }

    /// The lines at or above `level`, in their order.
    [[nodiscard]] std::vector<std::string> lines(Level level = Level::debug) const;

private:
    TestSettings settings_;
    std::filesystem::path state_dir_;
    Level lowest_ = Level::debug;
    mutable std::mutex mutex_;
    std::vector<std::pair<Level, std::string>> lines_;
};

}  // namespace offlineimap::testkit
